/** The world as a property sees it: actors by address, messages in flight, monitors by name. */
import type { EventObject, Local } from '../kernel/effect.ts';

/** A readable world. What a property does not ask for, its result does not depend on. */
export interface View {
  /** The actor at an address, or `undefined` when there is none now. */
  readonly actor: (address: string) => ActorView | undefined;
  /** The addresses of all actors that there are now, in alphabetical order. */
  readonly addresses: () => readonly string[];
  /** All messages in flight; of equal ones each. */
  readonly messages: () => readonly MessageView[];
  /** The state of a monitor, or `undefined` when the system has none of that name. */
  readonly monitor: (name: string) => unknown;
}

/** What an XState snapshot says of an actor. */
export interface ActorView {
  readonly context: Readonly<Record<string, unknown>>;
  readonly error: unknown;
  readonly output: unknown;
  readonly status: 'active' | 'done' | 'error';
  /** The state value, `'waiting'` or `{ parent: 'child' }`. */
  readonly value: unknown;
}

/** A message in flight. */
export interface MessageView {
  readonly event: EventObject;
  readonly from: string;
  readonly to: string;
}

/** What a local state shows of its actor. */
export function actorView(local: Local): ActorView {
  const { context, error, output, status, value } = local;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as XState's snapshots have it
  return { context: (context ?? {}) as ActorView['context'], error, output, status, value };
}
