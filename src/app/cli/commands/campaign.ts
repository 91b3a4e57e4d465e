/** `orrery campaign`: many schedules of many scenarios, on all cores or on many machines. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { invariant } from '../../../core/errors.ts';
import {
  campaignStrategies,
  isCampaignStrategy,
  portionsDefault,
} from '../../../explore/campaign/manner.ts';
import type { CampaignStrategy } from '../../../explore/campaign/manner.ts';
import type { Variant } from '../../../runtime/variant.ts';
import { askedFor, requireSame } from '../campaign/asked.ts';
import { conduct } from '../campaign/conduct.ts';
import { loadQueue, redisOptions, requireQueue } from '../campaign/connection.ts';
import type { QueueAddress } from '../campaign/connection.ts';
import type { Engine } from '../campaign/engine.ts';
import { hasJournal, readJournal } from '../campaign/journal.ts';
import { planOf } from '../campaign/plan.ts';
import { createStanding } from '../campaign/standing.ts';
import type { Standing } from '../campaign/standing.ts';
import { createVersions } from '../campaign/version.ts';
import type { Result, Session } from '../session.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import {
  budgets,
  commaList,
  count,
  millisecondsOf,
  positive,
  threadCount,
  withTls,
} from './options.ts';

interface Options extends CommonOptions, Omit<QueueAddress, 'engine'> {
  readonly engine?: string;
  readonly job?: number;
  readonly faults?: Variant['faults'];
  readonly first?: true;
  readonly for?: number;
  readonly out: string;
  readonly portions: number;
  readonly resume?: true;
  readonly schedules?: number;
  readonly seed: number;
  readonly stepsMax: number;
  readonly strategy: readonly string[];
  readonly threads?: number;
  readonly timed?: true;
  readonly untimed?: true;
}

/** Adds the command. */
export function addCampaign(shell: Shell): void {
  const command = declare(shell, {
    usage: 'campaign [scenarios...]',
    description:
      'look for what breaks scenarios, or modules of your own, with all strategies and on all cores',
    examples: [
      'orrery campaign two-phase-commit rms=4 paxos --schedules 20000',
      'orrery campaign ./my-system.ts --for 8h',
      'orrery campaign --resume --for 8h',
      'orrery campaign raft --for 8h --engine redis://queue.example:6379',
    ],
  });
  withTls(command)
    .option(
      '--engine <address>',
      'let workers do it, over a queue: redis://host:port, rediss:// for TLS',
    )
    .option('--job <time>', 'how long a job takes: 0.5s, or 2s with --engine', millisecondsOf)
    .option('--schedules <number>', `so many runs of each scenario; ${schedulesDefault}`, positive)
    .option('--for <time>', 'go on for so long, as 90s, 30m or 8h', millisecondsOf)
    .option(
      '--strategy <names>',
      `some of ${campaignStrategies.join(', ')}, between commas; mix is all of them; exhaustive looks at all worlds`,
      commaList,
      ['mix'],
    )
    .option('--portions <number>', 'divide an exhaustive search so', positive, portionsDefault)
    .option('--threads <number>', 'threads that run; as many as there are cores', threadCount)
    .option('--seed <number>', 'what all that is random is drawn from', count, 1)
    .option('--faults <kind=number>', 'so many faults at most: drop=1,duplicate=1,crash=1', budgets)
    .option('--timed', 'the clock goes from due moment to due moment')
    .option('--untimed', 'any timer that is set may fire at any time')
    .option('--steps-max <number>', 'end each run after so many steps', positive, 1_000)
    .option('--first', 'leave a scenario once something of it is broken')
    .option('--resume', 'go on with the campaign in the folder')
    .option('--out <folder>', 'where journal, reports and traces go', 'campaign')
    .action((words: readonly string[], options: Options) =>
      shell.run(options.json === true, (session) => campaign(session, words, options)),
    );
}

const schedulesDefault = 10_000;

async function campaign(
  session: Session,
  words: readonly string[],
  options: Options,
): Promise<Result> {
  const { first = false, for: forMs, job: jobMs, out, threads = availableParallelism() } = options;
  const journal = join(out, 'journal.jsonl');
  const standing = options.resume
    ? await resumed(journal, words, options)
    : await begun(journal, words, options);
  const engine = await engineOf(session, standing.plan.id, options);
  return conduct(session, standing, {
    engine,
    first,
    folder: out,
    forMs,
    jobMs,
    journal,
    threads,
  });
}

/** Longer than here: what a job costs on its way should not count. */
const queuedJobMs = 2_000;

/** The queue, if there is to be one. */
async function engineOf(
  { io }: Session,
  id: string,
  { engine, job: jobMs = queuedJobMs, ...address }: Options,
): Promise<Engine | undefined> {
  if (engine === undefined) return undefined;
  const redis = redisOptions({ ...address, engine }, process.env);
  const libraries = await loadQueue();
  await requireQueue(libraries, redis);
  const { overQueue } = await import('../campaign/queue-engine.ts');
  return overQueue({
    campaign: id,
    jobMs,
    libraries,
    onRefused: (why) => io.err(`a worker refuses jobs: ${why}\n`),
    redis,
  });
}

async function begun(
  journal: string,
  words: readonly string[],
  options: Options,
): Promise<Standing> {
  const { faults, for: forMs, schedules, seed, stepsMax } = options;
  invariant(
    !hasJournal(journal),
    'cli/has-journal',
    `There is a campaign in "${journal}". Go on with it with --resume, or give another folder with --out.`,
  );
  invariant(
    !(options.timed && options.untimed),
    'cli/bad-option',
    'A system is timed or untimed, not both. Leave out --timed or --untimed.',
  );
  const time = options.timed ? 'timed' : options.untimed ? 'untimed' : undefined;
  const limit = schedules ?? (forMs === undefined ? schedulesDefault : undefined);
  const isExhaustive = options.strategy.includes(exhaustive);
  const plan = planOf(await askedFor(words, createVersions()), {
    portions: isExhaustive ? options.portions : undefined,
    seed,
    stepsMax,
    strategies: strategiesOf(options.strategy),
    ...(faults === undefined ? {} : { faults }),
    ...(limit === undefined ? {} : { schedules: limit }),
    ...(time === undefined ? {} : { time }),
  });
  return createStanding(plan);
}

async function resumed(
  journal: string,
  words: readonly string[],
  { for: forMs }: Options,
): Promise<Standing> {
  invariant(
    words.length === 0,
    'cli/bad-option',
    'A campaign that is gone on with is in its journal. Name no scenarios with --resume.',
  );
  const standing = readJournal(journal);
  await requireSame(standing.plan.entries, createVersions());
  invariant(
    standing.plan.schedules !== undefined || forMs !== undefined,
    'cli/bad-option',
    'This campaign goes by the clock. Say for how long it is to go on, as --for 2h.',
  );
  return standing;
}

const exhaustive = 'exhaustive';

function strategiesOf(names: readonly string[]): readonly CampaignStrategy[] {
  return names.flatMap((name) => {
    if (name === 'mix') return campaignStrategies;
    if (name === exhaustive) return [];
    invariant(
      isCampaignStrategy(name),
      'cli/bad-option',
      `A campaign has no strategy "${name}". Give mix, or some of ${[...campaignStrategies, exhaustive].join(', ')}.`,
    );
    return [name];
  });
}
