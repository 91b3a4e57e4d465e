import { findContext } from '../../machines/autograd/container.ts';
import { makerOf } from '../../machines/autograd/ids.ts';
import { autogradPartOf } from '../../machines/rpc/agent/inner-request.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import type { Thread } from '../../machines/rpc/threads/thread.ts';
import { always, valuesOf } from '../../src/index.ts';
import type { View } from '../../src/index.ts';
import type { Invariant, InvariantName } from './invariant.ts';
import { everyWorker } from './workers.ts';

/** P9. */
export const ambientContext: Invariant = isolationAs('P9');

/** S22. */
export const contextRestored: Invariant = isolationAs('S22');

function isolationAs(name: InvariantName): Invariant {
  return {
    name,
    about:
      'the function of a request is in the autograd context of that, as long as the worker knows it; of a ' +
      'request without one, in none but one of its own',
    of: ({ addresses }) =>
      always(
        name,
        everyWorker(addresses, (worker, view) =>
          valuesOf(worker.threads).every((thread) => isAtHome(worker, thread, view)),
        ),
      ),
  };
}

function isAtHome(worker: WorkerContext, thread: Thread, view: View): boolean {
  const { contextId, name, request } = thread;
  if (request === undefined) return true;
  const asked = autogradPartOf(request)?.contextId;
  if (asked === undefined) return contextId === undefined || isOwn(worker, thread);
  if (contextId !== undefined) return contextId === asked;
  const isRunning = view.actor(`${worker.name}/${name}`) !== undefined;
  return !isRunning || findContext(worker.autograd, asked) === undefined;
}

/** A function may make a context, in which no other thread is but on its behalf. */
function isOwn({ id, threads }: WorkerContext, { contextId, name }: Thread): boolean {
  if (contextId === undefined || makerOf(contextId) !== id) return false;
  return valuesOf(threads).every(
    (other) =>
      other.name === name ||
      other.contextId !== contextId ||
      (other.request !== undefined && autogradPartOf(other.request)?.contextId === contextId),
  );
}
