import { median } from './alternate.ts';
import { compileSpin, howToGetSpin } from './promela.ts';
import { searchRun, threadsRun } from './search-run.ts';
import type { Built, SearchRun } from './search-run.ts';
import type { Section } from './section.ts';

const turns = 5;
const statesOfEight = 1_745_408;

/** Two-phase commit, every world with its property, against SPIN's verifier in the same minutes. */
export function againstSpin(): Section {
  const spin = compileSpin(8);
  const base = {
    title: 'Exhaustive search against SPIN',
    header: ['', 'SPIN', 'Orrery, one thread', 'ratio', 'two threads', 'ratio'],
  };
  if (spin === undefined) return { ...base, method: `${howToGetSpin}.`, rows: [] };
  const runs = Array.from({ length: turns }, () => ({
    theirs: spin(),
    ours: commit(8),
    both: threadsRun(8, 2),
  }));
  for (const { both, ours, theirs } of runs) {
    requireStates(ours, theirs.states);
    requireStates(both, theirs.states);
  }
  const row = (
    name: string,
    of: (run: { readonly cpuMs: number; readonly wallMs: number }) => number,
  ) => {
    const cellsOf = (who: 'both' | 'ours'): readonly string[] => {
      // Those of one turn share the weather.
      const ratio = median(runs.map((run) => of(run[who]) / of(run.theirs)));
      return [seconds(median(runs.map((run) => of(run[who])))), ratio.toFixed(2)];
    };
    const theirs = seconds(median(runs.map((run) => of(run.theirs))));
    return [name, theirs, ...cellsOf('ours'), ...cellsOf('both')];
  };
  return {
    ...base,
    method:
      'Two-phase commit with 8 resource managers, all 1,745,408 worlds, consistency checked in each; ' +
      'SPIN compiled with `-O2 -DSAFETY -DNOREDUCE`, compilation not counted; ours from the start of the ' +
      `process, with two threads by the command line. Medians of ${turns} turns; the bars are ratios of 1.0 and, with two threads, 0.6 in wall time. CPU time has what ` +
      'compiler and collector do beside.',
    rows: [row('wall time', ({ wallMs }) => wallMs), row('CPU time', ({ cpuMs }) => cpuMs)],
  };
}

/** How long the large ones take, and how much they hold. */
export function largeSearches(): Section {
  const cases: readonly (readonly [string, () => SearchRun])[] = [
    ['two-phase commit, 9 resource managers', () => commit(9)],
    ...[3, 4, 5, 6].map(
      (clients) => [`single-decree Paxos, ${clients} clients`, () => paxos(clients)] as const,
    ),
  ];
  return {
    title: 'Large searches',
    method:
      'One thread, breadth first, from the start of the process, the properties checked in every world. ' +
      'The bars: two-phase commit in 400 MB and 60 bytes a world; Paxos with 3 clients in 5 s and 350 MB, ' +
      'with 6 in 35 s and 1.3 GB, where SPIN takes 3.7 s above.',
    header: [
      'system',
      'worlds',
      'generated',
      'depth',
      'wall time',
      'CPU time',
      'memory',
      'a world',
    ],
    rows: cases.map(([name, run]) => {
      const { bytesPerState, cpuMs, depth, rssMb, states, transitions, wallMs } = run();
      const counts = [states, transitions, depth].map((count) => count.toLocaleString('en'));
      const spans = [seconds(wallMs), seconds(cpuMs)];
      return [name, ...counts, ...spans, `${Math.round(rssMb)} MB`, `${bytesPerState} bytes`];
    }),
  };
}

function commit(rms: number): SearchRun {
  return requireWhole({
    argument: { repeats: true, rms },
    export: 'twoPhaseCommit',
    module: 'two-phase-commit',
  });
}

function paxos(clients: number): SearchRun {
  return requireWhole({ argument: { clients }, export: 'paxos', module: 'paxos' });
}

function requireWhole(built: Built): SearchRun {
  const found = searchRun(built);
  if (!found.complete) throw new Error(`${built.export} is broken.`);
  return found;
}

function requireStates(ours: Pick<SearchRun, 'states'>, theirs: number): void {
  if (theirs !== statesOfEight || ours.states !== statesOfEight) {
    throw new Error(`SPIN found ${theirs} worlds, Orrery ${ours.states}: not ${statesOfEight}.`);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
