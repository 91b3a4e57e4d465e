/** One step in the making: nothing of it is seen before it is over. */
import type { AnyActorScope } from 'xstate';

import { SimulationError } from '../../core/errors.ts';
import type { EventObject } from '../../kernel/effect.ts';

/** What XState's own actions and guards are told of the snapshot. */
export interface View {
  context: unknown;
}

/** A step in the making. */
export interface Turn {
  /** How often XState would have made a new snapshot by now. */
  changes: number;
  /** The event of the running microstep. */
  event: EventObject;
  /** Set when the step is XState's to compute. */
  isLeft: boolean;
  /** Whether an `assign` gave the context whatever it liked, and not members by their names. */
  mayHoldSymbols: boolean;
  /** Events that were raised and wait. */
  readonly queue: EventObject[];
  readonly scope: AnyActorScope;
  readonly view: View;
}

/** Leaves the step to XState, even where a machine catches what is thrown. */
export function leave(turn: Turn): never {
  turn.isLeft = true;
  throw new SimulationError('runtime/left-lane', 'This step is left to XState.');
}
