import { debugInfoOf } from '../../machines/rpc/agent/debug-info.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import { atQuiescence, isSame } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';
import { endsUndisturbed } from './undisturbed.ts';
import { workersIn } from './workers.ts';

/** P14. */
export const robust: Invariant = {
  name: 'P14',
  about:
    'at rest, if all main functions ended as where nothing goes wrong, the tables are as full as there: ' +
    'what was late, doubled or sent again left no trace; where a worker crashed nothing is said',
  of: ({ addresses, undisturbed }) => {
    const ends = endsUndisturbed(undisturbed);
    return atQuiescence('P14', (view) => {
      const workers = workersIn(view, addresses);
      const others = ends().toSorted((a, b) => placeOf(a, addresses) - placeOf(b, addresses));
      if (workers.length !== others.length || happenedIn(view).crashed.length > 0) return true;
      if (!isSame(workers.map(mainOf), others.map(mainOf))) return true;
      return isSame(workers.map(figuresOf), others.map(figuresOf));
    });
  },
};

/** Ranks are what processes ask for, and may be in another order than their places. */
function placeOf({ name }: WorkerContext, addresses: readonly string[]): number {
  return addresses.indexOf(name);
}

function mainOf({ main }: WorkerContext): unknown {
  return main;
}

function figuresOf(worker: WorkerContext): unknown {
  return debugInfoOf(worker);
}
