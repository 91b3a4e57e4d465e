/**
 * The scope in which an XState machine takes a step here: what it would do to the world is recorded,
 * nothing is done. XState's own way (`transition()`) builds an actor and two systems at each call.
 *
 * @see XState 5.33, `types.ts`, `ActorScope`; `createActor.ts`, the scope that this one replaces.
 */
/* oxlint-disable typescript/no-unsafe-type-assertion -- XState's internals are known by their shape */
import type { AnyActor, AnyActorScope } from 'xstate';

import { lastName } from '../core/address.ts';
import { SimulationError } from '../core/errors.ts';
import { nameChild } from './child-names.ts';
import type { SpawnCounts } from './child-names.ts';
import type { Seen, Witness } from './coverage.ts';
import { createRefs, impureUse, refusals } from './refs.ts';
import type { Ref, Refs } from './refs.ts';

/** An action as XState hands it to whoever executes it. */
export interface RecordedAction {
  readonly exec?: unknown;
  /** Set for a `sendTo` whose target was `undefined`: XState would send to the sender itself. */
  readonly hasNoTarget?: true;
  readonly params: unknown;
  readonly type: string;
}

/** What one step left behind. */
export interface Recording {
  /** In the order in which XState would have executed them. */
  readonly actions: readonly RecordedAction[];
  /** Children that were made; each has its name as its `id`. */
  readonly children: ReadonlySet<object>;
  readonly readsId: boolean;
  readonly spawned: SpawnCounts;
}

/** Where a step is taken, and how many children the actor has spawned of each source. */
export interface RecordedPlace {
  readonly address: string;
  readonly spawned: SpawnCounts;
}

/** A scope that is used again for every step of a system. */
export interface Recorder {
  /** The recording of the step that ran last, as far as it came if it threw. */
  readonly last: () => Recording;
  /** Runs one step of an actor; what it wanted done is in `last()`. */
  readonly record: <T>(place: RecordedPlace, run: (scope: AnyActorScope) => T) => T;
  readonly refs: Refs;
}

/** The type of the action that a spawn in `assign` leaves: XState itself reports none. */
export const startedType = 'orrery.started';

/** So many microsteps one step may have: machines that go round for ever are a mistake. */
const microstepsMax = 10_000;

interface Tally {
  readonly actions: RecordedAction[];
  readonly address: string;
  children: ReadonlySet<AnyActor>;
  microsteps: number;
  readsId: boolean;
  spawned: SpawnCounts;
}

/** A recorder with references of its own; a witness is told of each microstep. */
export function createRecorder(witness?: Witness): Recorder {
  let tally = createTally({ address: '', spawned: {} });
  const readId = (): string => {
    tally.readsId = true;
    return lastName(tally.address);
  };
  const onChild = (child: AnyActor): void => {
    const { _parent: parent } = child as unknown as { readonly _parent: unknown };
    // Of what a child makes in its turn, its own first step tells.
    if (parent !== self) return;
    const { name, spawned } = nameChild(child, tally.spawned);
    tally.spawned = spawned;
    tally.children = new Set([...tally.children, child]);
    Object.defineProperties(child, { ...refusals(() => undefined), id: { value: name } });
  };
  const onMicrostep = (seen: Seen): void => {
    witness?.saw(seen);
    tally.microsteps += 1;
    if (tally.microsteps > microstepsMax) throw endless(tally.address);
  };
  const system = createSystemStub((name) => refs.at(name), { onChild, onMicrostep });
  const refs = createRefs((at) => ({
    _parent: { value: at('..') },
    id: { get: readId },
    system: { value: system },
  }));
  const self = refs.at('.');
  const scope = createScope({ readId, self, system, tally: () => tally });
  return {
    last: () => tally,
    record: (place, run) => {
      tally = createTally(place);
      return run(scope);
    },
    refs,
  };
}

function createTally({ address, spawned }: RecordedPlace): Tally {
  return { actions: [], address, children: noChildren, microsteps: 0, readsId: false, spawned };
}

const noChildren: ReadonlySet<never> = new Set();

interface ScopeParts {
  readonly readId: () => string;
  readonly self: Ref;
  readonly system: object;
  readonly tally: () => Tally;
}

function createScope({ readId, self, system, tally }: ScopeParts): AnyActorScope {
  // XState reads `self`, then `system`, for the arguments of an action; a `sendTo` whose target is
  // `undefined` reads `self` once more before it is executed. That is how it is recognised.
  let lastRead: 'self' | 'system' = 'system';
  const scope = {
    actionExecutor: ({ exec, params, type }: RecordedAction): void => {
      const { targetId } = (params ?? {}) as { readonly targetId?: unknown };
      const hasNoTarget = type === 'xstate.sendTo' && lastRead === 'self' && targetId === undefined;
      tally().actions.push(
        hasNoTarget ? { exec, hasNoTarget, params, type } : { exec, params, type },
      );
    },
    // The only thing that XState defers while nothing is executed is the start of what `assign` spawned.
    defer: (): void => {
      const child = [...tally().children].at(-1);
      if (child === undefined) throw impureUse('`defer()` of its scope');
      tally().actions.push({ params: { actorRef: child }, type: startedType });
    },
    emit: (event: unknown): void => {
      tally().actions.push({ params: { event }, type: 'xstate.emit' });
    },
    get id() {
      return readId();
    },
    logger: (...words: readonly unknown[]): void => {
      const [label, value] = words.length > 1 ? words : [undefined, words[0]];
      tally().actions.push({ params: { label, value }, type: 'xstate.log' });
    },
    get self() {
      lastRead = 'self';
      return self;
    },
    get sessionId(): never {
      throw impureUse('`sessionId` of its scope');
    },
    stopChild: (): never => {
      throw impureUse('`stopChild()` of its scope');
    },
    get system() {
      lastRead = 'system';
      return system;
    },
  };
  return scope as unknown as AnyActorScope;
}

interface Told {
  readonly onChild: (child: AnyActor) => void;
  readonly onMicrostep: (seen: Seen) => void;
}

interface Inspected extends Seen {
  readonly actorRef: AnyActor;
  readonly type: string;
}

/** What XState asks of a system while it makes children. What is unnamed gets its name from `onChild`. */
function createSystemStub(at: (name: string) => Ref, { onChild, onMicrostep }: Told): object {
  return Object.freeze({
    _bookId: (): string => '',
    _clock: Object.freeze({}),
    _logger: nothing,
    _register: nothing,
    _relay: nothing,
    _sendInspectionEvent: (event: Inspected): void => {
      if (event.type === '@xstate.actor') onChild(event.actorRef);
      else if (event.type === '@xstate.microstep') onMicrostep(event);
    },
    _set: nothing,
    _unregister: nothing,
    get: at,
    getAll: (): never => {
      throw impureUse('`system.getAll()`');
    },
    inspect: (): never => {
      throw impureUse('`system.inspect()`');
    },
    scheduler: Object.freeze({ cancel: nothing, cancelAll: nothing, schedule: nothing }),
  });
}

function endless(address: string): SimulationError {
  return new SimulationError(
    'runtime/endless-step',
    `A step of "${address}" took more than ${microstepsMax} microsteps without coming to rest. Look for a ` +
      'circle of `always`, of `raise`, or of a state that is done as soon as it is entered; guard one of them.',
  );
}

function nothing(): void {
  // What XState would tell its system is of no use here.
}
