import { cluster, mainOutcome } from '../../actors/index.ts';
import type { ClusterSetting } from '../../actors/index.ts';
import { workersOf } from '../../actors/view.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import { defineFunctions, defineSystem, randomWalk, runSystem } from '../../src/index.ts';
import type { Functions, Run, System } from '../../src/index.ts';

/** What the processes run, by their numbers. */
export type Mains = readonly ((rank: number) => unknown)[];

/** A cluster whose processes run these programs, apart unless told. */
export function groupOf(mains: Mains, functions: Functions, setting: ClusterSetting): System {
  const bodies = Object.fromEntries(
    mains.map((main, id) => [`main${id}`, (rank: number): unknown => main(rank)] as const),
  );
  const registry = defineFunctions({ ...functions, ...bodies });
  return defineSystem(
    cluster({
      start: 'apart',
      ...setting,
      functions: registry,
      main: ({ id }) => registry.toCall(`main${id}`, [id]),
      workers: mains.length,
    }),
  );
}

/** How one run ended. */
export interface GroupRun {
  readonly announced: readonly string[];
  readonly run: Run;
  /** What each program gave: its value, the text of its error, or `waits`. */
  readonly ends: readonly unknown[];
  readonly workers: readonly WorkerContext[];
}

/** Runs in order, or by a seed. */
export function runGroup(system: System, seed?: number): GroupRun {
  const chosen = seed === undefined ? {} : { chooser: randomWalk(seed) };
  const run = runSystem(system, { stepsMax: 50_000, ...chosen });
  const workers = workersOf(run.world);
  const ends = workers.map(({ name }) => {
    const outcome = mainOutcome(run.world, name);
    switch (outcome.type) {
      case 'returned':
        return outcome.value;
      case 'threw':
        return outcome.error.message;
      default:
        return 'waits';
    }
  });
  const announced = run.steps.flatMap(({ happened }) =>
    happened.flatMap((fact) => (fact.type === 'emitted' ? [fact.event.type] : [])),
  );
  return { announced, ends, run, workers };
}
