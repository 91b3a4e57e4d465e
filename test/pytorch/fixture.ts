/**
 * PyTorch's fixture of a test: four workers run one body at once, each with its rank, and at the end nothing
 * is left anywhere. A body asserts with `expect`; what it throws fails the test.
 *
 * @see PyTorch, `torch/testing/_internal/dist_utils.py`, `dist_init`; `rpc_agent_test_fixture.py`.
 */
import { expect } from 'vitest';

import { cluster } from '../../actors/index.ts';
import type { ClusterOptions, ClusterSetting, WorkerView } from '../../actors/index.ts';
import { clusterView, mainOutcome, workersOf } from '../../actors/view.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import { defineFunctions, defineSystem, randomWalk, runSystem } from '../../src/index.ts';
import type { Functions, Run } from '../../src/index.ts';

/** The body of a test, for the worker of a rank. */
export type Body = (rank: number) => unknown;

export interface FixtureOptions extends ClusterSetting {
  readonly classes?: NonNullable<ClusterOptions['classes']>;
  /** Whether nothing may be left at the end; so it is unless said otherwise. */
  readonly leaksNothing?: boolean;
  /** Which ranks run the body; all of them unless said otherwise. */
  readonly ranks?: readonly number[];
  /** How many random schedules are tried beside the one in order; 2 unless said otherwise. */
  readonly schedules?: number;
  /** 4 unless said otherwise. */
  readonly workers?: number;
}

/** One run that has come to rest. */
export interface Finished {
  readonly run: Run;
  /** What the body returned, by rank. */
  readonly values: readonly unknown[];
  readonly views: readonly WorkerView[];
  readonly workers: readonly WorkerContext[];
}

const worldSize = 4;

/** The name of the worker after this one. */
export function nextOf(rank: number, size = worldSize): string {
  return `worker${(rank + 1) % size}`;
}

/**
 * Runs the body on all workers, in order and under random schedules, and gives the run in order. A run that
 * comes to no rest, a body that throws or does not end, and whatever is left on a worker fail the test.
 */
export function distInit(body: Body, functions: Functions, options: FixtureOptions = {}): Finished {
  const { leaksNothing = true, ranks, schedules = 2, workers = worldSize, ...setting } = options;
  const registry = defineFunctions({ ...functions, body });
  const system = defineSystem(
    cluster({
      ...setting,
      functions: registry,
      main: ({ id }) =>
        ranks === undefined || ranks.includes(id) ? { args: [id], fn: 'body' } : undefined,
      workers,
    }),
  );
  const finish = (seed?: number): Finished => {
    const chosen = seed === undefined ? {} : { chooser: randomWalk(seed) };
    const run = runSystem(system, { stepsMax: 500_000, ...chosen });
    expect(run.ended).toBe('quiescent');
    const finished = readRun(run);
    if (leaksNothing) expect(finished.views.filter(({ isQuiet }) => !isQuiet)).toEqual([]);
    return finished;
  };
  const inOrder = finish();
  for (let seed = 1; seed <= schedules; seed += 1) finish(seed);
  return inOrder;
}

function readRun(run: Run): Finished {
  const { world } = run;
  const views = clusterView(world);
  const values = views.map(({ name }) => {
    const outcome = mainOutcome(world, name);
    if (outcome.type === 'threw') throw new Error(`${name}: ${outcome.error.message}`);
    expect(outcome.type, `the body on ${name}`).not.toBe('running');
    return outcome.type === 'returned' ? outcome.value : undefined;
  });
  return { run, values, views, workers: workersOf(world) };
}
