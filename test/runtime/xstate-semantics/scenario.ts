import type { AnyActorLogic } from 'xstate';

import type { EventObject } from '../../../src/index.ts';

/** A few actors of one node, and what comes from outside, in order. */
export interface Scenario {
  readonly actors: Readonly<Record<string, AnyActorLogic | ActorWithInput>>;
  readonly script?: readonly ScriptLine[];
}

/** An actor that is made from something. */
export interface ActorWithInput {
  readonly input: unknown;
  readonly machine: AnyActorLogic;
}

/** An event for an actor, or the clock going on to the next moment at which a timer is due. */
export type ScriptLine = readonly [actor: string, event: EventObject] | 'tick';

/** What came of it, in words that do not depend on who ran it. */
export interface Report {
  /** What is left at the end: running actors, and declared ones however they ended. */
  readonly actors: Readonly<Record<string, ActorReport>>;
  /** What each actor announced, logged and did by name, in order. */
  readonly did: Readonly<Record<string, readonly unknown[]>>;
  /** Who received what, in order: `actor event`. */
  readonly received: readonly string[];
}

export interface ActorReport {
  readonly children: readonly string[];
  readonly context: unknown;
  readonly error: unknown;
  readonly output: unknown;
  readonly status: unknown;
  readonly value: unknown;
}

export interface DeclaredActor extends ActorWithInput {
  readonly address: string;
}

export function declaredActors({ actors }: Scenario): readonly DeclaredActor[] {
  return Object.entries(actors).map(([address, given]) =>
    'machine' in given && 'input' in given
      ? { address, input: given.input, machine: given.machine }
      : { address, input: undefined, machine: given },
  );
}

/** `value` with whatever stands for an actor replaced by its address in brackets. */
export function plain(value: unknown, nameOf: (value: object) => string | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const name = nameOf(value);
  if (name !== undefined) return `<${name}>`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (Array.isArray(value)) return value.map((member) => plain(member, nameOf));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, plain(member, nameOf)]),
  );
}
