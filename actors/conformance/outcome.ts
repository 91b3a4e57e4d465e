import { keyOf } from '../../machines/autograd/ids.ts';
import type { Duration, Run, System } from '../../src/index.ts';
import { defineSystem, hasIn, ms } from '../../src/index.ts';
import type { ClusterOptions } from '../cluster.ts';
import { cluster } from '../cluster.ts';
import { mainOutcome, workersOf } from '../view.ts';
import type { Findings, Named } from './functions.ts';
import { defineConformanceFunctions } from './functions.ts';
import type { ConformanceProgram } from './program.ts';

/** What came of a program, in the form of the record and in the order of its keys. */
export interface ConformanceOutcome {
  readonly id: string;
  /**
   * Whether the program came to its end, by a value or an error; a time-out is an error of its own kind, and
   * what cannot be run here has failed.
   */
  readonly outcome: 'error' | 'failed' | 'ok' | 'stuck' | 'time-out';
  /** The roots. */
  readonly forward?: Numbers;
  /** Gathered from the contexts of all workers; leaves without a gradient are absent. */
  readonly gradients?: Numbers;
  readonly leaves_with_dot_grad?: readonly string[];
  readonly contexts_during?: readonly boolean[];
  readonly error: { readonly type: string; readonly message: string } | null;
  /** Whether the context is left anywhere once nothing is left to do. */
  readonly contexts_after: readonly boolean[];
  /** The text of the error, or the send function that waits. */
  readonly message?: string;
  /** The send functions that wait, or waited when the time was over. */
  readonly waits?: readonly string[];
}

/** Elements row by row, by the name of the value. */
export type Numbers = Readonly<Record<string, readonly number[]>>;

/** How a program is run. */
export interface ConformanceOptions extends Partial<
  Omit<ClusterOptions, 'functions' | 'main' | 'workers'>
> {
  /** Whether the driver asks all workers for their gradients; so it does unless told. */
  readonly asks?: boolean;
}

// A few that differ enough for messages to overtake one another on different links.
const latencies: readonly Duration[] = [ms(0.5), ms(1), ms(2), ms(5)];
// As on the recorder's cluster.
const poolSize = 8;

/**
 * A cluster that runs a program. It is free of PyTorch's races unless told: with them some schedules lose a
 * reference that is still in use, and a program ends in another way than its record.
 */
export function conformanceSystem(
  program: ConformanceProgram,
  { asks = true, ...options }: ConformanceOptions = {},
): System {
  const functions = defineConformanceFunctions();
  const definition = cluster({
    name: 'conformance',
    network: { latency: latencies },
    poolSize,
    profile: 'hardened',
    ...options,
    functions,
    main: { worker0: functions.toCall('runProgram', asks ? [program] : [program, false]) },
    workers: program.workers,
  });
  return defineSystem(definition);
}

/** What came of a program in a run that ended; a driver that still waits then is stuck. */
export function outcomeOf(
  program: ConformanceProgram,
  { world }: Pick<Run, 'world'>,
  waits: readonly string[] = [],
): ConformanceOutcome {
  const { id } = program;
  const main = mainOutcome(world, 'worker0');
  // cast -- the main function is `runProgram`, which returns its findings
  const findings = main.type === 'returned' ? (main.value as Findings) : notEnded(main);
  const { contextId, contextsDuring, error, forward, gradients, leavesWithDotGrad } = findings;
  const key = contextId === undefined ? '' : keyOf(contextId);
  const isStuck = main.type === 'running';
  return {
    id,
    outcome: isStuck ? 'stuck' : kindOf(error?.message),
    ...(forward === undefined ? {} : { forward: recordOf(forward) }),
    ...(gradients === undefined ? {} : { gradients: recordOf(gradients) }),
    ...(leavesWithDotGrad === undefined ? {} : { leaves_with_dot_grad: leavesWithDotGrad }),
    ...(contextsDuring === undefined ? {} : { contexts_during: contextsDuring }),
    error: error ?? null,
    contexts_after: workersOf(world).map(({ autograd }) => hasIn(autograd.contexts, key)),
    ...(error === undefined ? {} : { message: (isStuck ? waits[0] : undefined) ?? error.message }),
    ...(waits.length === 0 ? {} : { waits }),
  };
}

/** The text is that of the agent: error 1 is a time-out. */
function kindOf(message: string | undefined): ConformanceOutcome['outcome'] {
  if (message === undefined) return 'ok';
  return message.includes('RPCErr:1:') ? 'time-out' : 'error';
}

function notEnded(main: ReturnType<typeof mainOutcome>): Findings {
  if (main.type === 'threw')
    return { error: { type: main.error.name, message: main.error.message } };
  return {
    error: { type: 'Stuck', message: 'Nothing is left to do, but the program has not ended.' },
  };
}

function recordOf(numbers: Named): Numbers {
  return Object.fromEntries(numbers);
}
