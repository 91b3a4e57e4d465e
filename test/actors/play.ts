/** A cluster whose worker 0 runs one function, for tests that read like the program they run. */
import { expect } from 'vitest';

import { cluster } from '../../actors/index.ts';
import type { ClusterOptions, WorkerView } from '../../actors/index.ts';
import { clusterView, mainOutcome } from '../../actors/view.ts';
import { workersOf } from '../../actors/view.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import type { Functions, Run, RunOptions, System } from '../../src/index.ts';
import { defineFunctions, defineSystem, runSystem } from '../../src/index.ts';

export type PlayOptions = Partial<Omit<ClusterOptions, 'functions' | 'main'>> & {
  /** The arguments of `main`. */
  readonly args?: readonly unknown[];
};

/** A system whose worker 0 runs the function `main`. */
export function systemWith(
  functions: Functions & { readonly main: unknown },
  { args = [], ...options }: PlayOptions = {},
): System {
  const registry = defineFunctions(functions);
  return defineSystem(
    cluster({
      workers: 2,
      ...options,
      functions: registry,
      main: { worker0: { args, fn: 'main' } },
    }),
  );
}

/** A run of it that has come to rest. */
export interface Played {
  readonly outcome: unknown;
  readonly run: Run;
  readonly views: readonly WorkerView[];
  readonly workers: readonly WorkerContext[];
}

export function play(system: System, options: RunOptions = {}): Played {
  const run = runSystem(system, { stepsMax: 100_000, ...options });
  expect(run.ended).toBe('quiescent');
  const { world } = run;
  return {
    outcome: mainOutcome(world, 'worker0'),
    run,
    views: clusterView(world),
    workers: workersOf(world),
  };
}

/** What `main` returned under the empty tape; nothing is left behind. */
export function returned(system: System): unknown {
  const { outcome, views } = play(system);
  expectQuiet(views);
  expect(outcome).toMatchObject({ type: 'returned' });
  return (outcome as { readonly value: unknown }).value;
}

/** No reference, context, call or thread is left anywhere. */
export function expectQuiet(views: readonly WorkerView[]): void {
  expect(views.filter(({ isQuiet }) => !isQuiet)).toEqual([]);
}
