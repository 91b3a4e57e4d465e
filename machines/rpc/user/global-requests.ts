/** The module globals of a process, which all its functions share; they hold the references in them. */
import { unreachable } from '../../../src/core/errors.ts';
import { deleteIn, entriesUnder, getIn, setIn } from '../../../src/core/persistent-map.ts';
import type { WorkerContext } from '../context.ts';
import { answer, giveCopy } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen } from '../step.ts';
import { holdIn, releaseIn } from '../threads/holding.ts';
import type { Asked, GlobalRequest } from './user-request.ts';

/** Serves a request about globals. */
export function serveGlobals(
  context: WorkerContext,
  { request, thread }: Asked<GlobalRequest>,
): Step {
  switch (request.type) {
    case 'globals.entries': {
      const value = [...entriesUnder(context.globals, request.prefix)];
      return give(context, { thread, value });
    }
    case 'globals.get':
      return give(context, { thread, value: getIn(context.globals, request.name) });
    case 'globals.remove':
      return andThen(remove(context, request.name), (now) =>
        give(now, { thread, value: undefined }),
      );
    case 'globals.set': {
      const { name, value } = request;
      const held = holdIn(context, value);
      return andThen(remove(held, name), (now) =>
        give({ ...now, globals: setIn(now.globals, name, value) }, { thread, value: undefined }),
      );
    }
    default:
      return unreachable(request);
  }
}

function remove(context: WorkerContext, name: string): Step {
  const value = getIn(context.globals, name);
  const removed = { ...context, globals: deleteIn(context.globals, name) };
  return releaseIn(removed, value);
}

function give(
  context: WorkerContext,
  { thread, value }: { readonly thread: string; readonly value: unknown },
): Step {
  return answer(giveCopy(context, { thread, value }), {
    outcome: { type: 'returned', value },
    thread,
  });
}
