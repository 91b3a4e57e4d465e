import { invariant } from '../../src/core/errors.ts';
import type { ControlMessage } from './effects.ts';
import type { Done, RRefTables } from './tables.ts';

/** A control message and the worker that it goes to. */
export interface Control {
  readonly message: ControlMessage;
  readonly to: number;
}

/** Sends a control message; it counts as under way until `controlSettled`. */
export function sendControl(tables: RRefTables, { message, to }: Control): Done {
  return {
    effects: [{ message, to, type: 'control.sent' }],
    tables: { ...tables, numPendingFutures: tables.numPendingFutures + 1 },
  };
}

/**
 * The last callback of a control message: it came through, or its retries are used up. A fork request
 * that failed does not get here, since PyTorch's callback throws before it counts.
 */
export function controlSettled(tables: RRefTables): Done {
  invariant(
    tables.numPendingFutures > 0,
    'rref/uneven-count',
    `Worker ${tables.workerId} settled a control message, but none is under way.`,
  );
  return {
    effects: [],
    tables: { ...tables, numPendingFutures: tables.numPendingFutures - 1 },
  };
}
