import { writeFileSync } from 'node:fs';

import { paxos, paxosProperties, paxosServerMachine } from '../examples/protocols/paxos.ts';
import {
  twoPhaseCommit,
  twoPhaseCommitProperties,
} from '../examples/protocols/two-phase-commit.ts';
import {
  byCoverage,
  byDelays,
  byPct,
  byPos,
  byRandom,
  bySurw,
  defineSystem,
  sample,
} from '../src/index.ts';
import type { SampleReport, Strategy, SystemDefinition } from '../src/index.ts';
import { races } from './races/programs.ts';
import type { Race } from './races/programs.ts';
import { formatSection } from './section.ts';
import type { Section } from './section.ts';

const seeds = Number(process.env['ORRERY_SEEDS'] ?? 50);
const schedules = Number(process.env['ORRERY_SCHEDULES'] ?? 100);
const stepsMax = 1_000;

const strategies: readonly Strategy[] = [
  byRandom(),
  byPct({ depth: 3 }),
  byPos(),
  bySurw(),
  byDelays({ delaysMax: 3 }),
  byCoverage(),
];

/** Schedules to the first bug of small programs, by strategy. */
function schedulesToBugs(): Section {
  return {
    title: 'Schedules to the first bug',
    method:
      `Median number of schedules to the first violation over ${seeds} seeds, and in how many of them there was ` +
      `one within ${schedules} schedules; a median of — means that half of the campaigns or more found ` +
      'none. Threads, cells and locks are actors, an access is one message, and its answer lets the thread ' +
      'go on. Delay-bounded is the same for every seed.',
    header: ['program', ...strategies.map(({ name }) => name)],
    rows: [...races(), ...protocols()].map((race) => [
      race.name,
      ...strategies.map((strategy) => resultOf(race, strategy)),
    ]),
  };
}

function resultOf({ definition, properties }: Race, strategy: Strategy): string {
  const system = defineSystem({ ...definition, rememberedMax: 100_000 });
  const found = Array.from({ length: seeds }, (_, seed): SampleReport =>
    sample(system, { properties, schedules, seed, statesMax: 20_000, stepsMax, strategy }),
  ).map(({ schedules: made, violations }) =>
    violations.length === 0 ? Number.POSITIVE_INFINITY : made,
  );
  const median = found.toSorted((one, other) => one - other)[seeds >> 1] ?? 0;
  const hits = found.filter((made) => made < Number.POSITIVE_INFINITY).length;
  const rate = `${Math.round((100 * hits) / seeds)} %`;
  return `${Number.isFinite(median) ? median : '—'} (${rate})`;
}

/** The two safety bugs of P's evaluation. */
function protocols(): readonly Race[] {
  return [
    {
      definition: paxosOfTwo(),
      name: 'Paxos, 5 servers, quorum of 2',
      properties: paxosProperties().filter(({ type }) => type !== 'sometimes'),
    },
    {
      definition: twoPhaseCommit({ bug: 'commits-without-all-votes', rms: 3 }),
      name: 'two-phase commit at N - 1',
      properties: twoPhaseCommitProperties({ rms: 3 }).filter(({ type }) => type !== 'sometimes'),
    },
  ];
}

/** Any two of five servers are taken for a majority. */
function paxosOfTwo(): SystemDefinition {
  const machine = paxosServerMachine.provide({
    guards: {
      completesAcceptors: ({ context }, { ballot, from }) =>
        ballot.join() === context.ballot.join() && new Set([...context.acceptors, from]).size === 2,
      completesPromises: ({ context }, { ballot, from }) =>
        ballot.join() === context.ballot.join() &&
        new Set([...Object.keys(context.promises), from]).size === 2,
    },
  });
  const definition = paxos({ clients: 2, servers: 5 });
  const actors = definition.actors.map((actor) =>
    actor.address.startsWith('server') ? { ...actor, machine } : actor,
  );
  return { ...definition, actors };
}

const page = [
  '# Strategies',
  '',
  'Written by `npm run evidence:strategies`; `ORRERY_SEEDS` and `ORRERY_SCHEDULES` set how much is tried: ' +
    'fewer seeds than 50 say little of rare bugs.',
  '',
  formatSection(schedulesToBugs()),
].join('\n');

writeFileSync(new URL('../docs/strategies.md', import.meta.url), page);
process.stdout.write(`${page}\n`);
