import { addressById } from '../../machines/rpc/agent/directory.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import { allOf } from '../../src/index.ts';
import type { Predicate, View } from '../../src/index.ts';

/** A worker that is up, as it is now. */
export function workerAt(view: View, address: string): WorkerContext | undefined {
  // cast -- the actor at the address of a worker is one
  return view.actor(address)?.context as WorkerContext | undefined;
}

/** Where the worker of a rank is, as another knows it: processes that join groups have ranks of their choice. */
export function addressOfRank(
  { directory }: Pick<WorkerContext, 'directory'>,
  rank: number,
): string | undefined {
  return addressById(directory, rank);
}

/** The workers that are up, by id. */
export function workersIn(view: View, addresses: readonly string[]): readonly WorkerContext[] {
  return addresses.flatMap((address) => workerAt(view, address) ?? []);
}

/** Whether something holds of each worker that is up, by itself. */
export function everyWorker(
  addresses: readonly string[],
  holds: (worker: WorkerContext, view: View) => boolean,
): Predicate {
  return allOf(
    addresses.map((address) => (view: View): boolean => {
      const worker = workerAt(view, address);
      return worker === undefined || holds(worker, view);
    }),
  );
}
