/**
 * The scope in which an XState machine takes a step here: what it would do to the world is recorded,
 * nothing is done. XState's own way (`transition()`) builds an actor and two systems at each call.
 *
 * @see XState 5.33, `types.ts`, `ActorScope`; `createActor.ts`, the scope that this one replaces.
 */
import type { AnyActor, AnyActorScope } from 'xstate';

import { lastName } from '../core/address.ts';
import { SimulationError } from '../core/errors.ts';
import { impure, type Ref, type Refs } from './refs.ts';

/** An action as XState hands it to whoever executes it. */
export interface RecordedAction {
  readonly exec?: unknown;
  readonly info?: { readonly self: unknown };
  readonly params: unknown;
  readonly type: string;
}

/** What one step left behind. */
export interface Recording {
  /** In the order in which XState would have executed them. */
  readonly actions: readonly RecordedAction[];
  /** Children that were made, in order. */
  readonly children: readonly AnyActor[];
  readonly readsId: boolean;
}

/** A scope that is used again for every step of a system. */
export interface Recorder {
  readonly isSelf: (value: unknown) => boolean;
  /** Runs one step of the actor at `address` and says what it wanted done. */
  readonly record: <T>(
    address: string,
    run: (scope: AnyActorScope) => T,
  ) => readonly [T, Recording];
}

/** The type of the action that a spawn in `assign` leaves: XState itself reports none. */
export const startedType = 'orrery.started';

/** A recorder whose references come from `refs`. */
export function createRecorder(refs: Refs): Recorder {
  let actions: RecordedAction[] = [];
  let children: AnyActor[] = [];
  let readsId = false;
  let address = '';
  let reads = 0;

  const system = createSystemStub(refs, (child) => {
    if (isSelf(child._parent)) children.push(child);
  });
  const readId = (): string => {
    readsId = true;
    return lastName(address);
  };
  // Two stubs in turn: a `sendTo` whose target is undefined falls back to a second reading of `self`,
  // which is how it is told from one that names `self`.
  const selves = [
    createSelfStub(refs, system, readId),
    createSelfStub(refs, system, readId),
  ] as const;
  const isSelf = (value: unknown): boolean => value === selves[0] || value === selves[1];
  const scope = {
    actionExecutor: (action: RecordedAction): void => {
      actions.push(action);
    },
    // The only thing that XState defers while nothing is executed is the start of what `assign` spawned.
    defer: (): void => {
      const child = children.at(-1);
      if (child !== undefined) actions.push({ params: { actorRef: child }, type: startedType });
    },
    emit: (event: unknown): void => {
      actions.push({ params: { event }, type: 'xstate.emit' });
    },
    id: '',
    logger: (): void => undefined,
    get self() {
      reads += 1;
      return selves[reads % 2 === 0 ? 0 : 1];
    },
    sessionId: '',
    stopChild: (): void => undefined,
    system,
  };

  return {
    isSelf,
    record: (at, run) => {
      actions = [];
      children = [];
      readsId = false;
      address = at;
      const result = run(scope as unknown as AnyActorScope);
      return [result, { actions, children, readsId }];
    },
  };
}

function createSelfStub(refs: Refs, system: object, readId: () => string): object {
  const parent: Ref = refs.at('..');
  return Object.freeze(
    Object.defineProperties(
      {},
      {
        _parent: { value: parent },
        id: { get: readId },
        sessionId: { get: refuse('`sessionId`') },
        getSnapshot: { value: refuse('`getSnapshot()`') },
        on: { value: refuse('`on()`') },
        send: { value: refuse('`send()`') },
        subscribe: { value: refuse('`subscribe()`') },
        system: { value: system },
      },
    ),
  );
}

/** What XState asks of a system while it makes children. Unnamed ones get a mark, and their name later. */
function createSystemStub(refs: Refs, onChild: (child: AnyActor) => void): object {
  let unnamed = 0;
  const nothing = (): void => undefined;
  return Object.freeze({
    _bookId: (): string => {
      unnamed += 1;
      return `${unnamedMark}${unnamed}`;
    },
    _clock: { clearTimeout: nothing, setTimeout: nothing },
    _logger: nothing,
    _register: nothing,
    _relay: nothing,
    _sendInspectionEvent: (event: { readonly type: string; readonly actorRef: AnyActor }): void => {
      if (event.type === '@xstate.actor') onChild(event.actorRef);
    },
    _set: nothing,
    _unregister: nothing,
    get: (name: string): Ref => refs.at(name),
    getAll: (): never => {
      throw new SimulationError(
        'runtime/impure-machine',
        'A machine used `system.getAll()`. Which actors exist depends on the moment: ' +
          'send to those you know by `system.get(address)`.',
      );
    },
    inspect: nothing,
    scheduler: { cancel: nothing, cancelAll: nothing, schedule: nothing },
  });
}

/** Begins the id of a child that nobody named; no name may begin so. */
export const unnamedMark = '?';

function refuse(what: string): () => never {
  return () => {
    throw impure(what);
  };
}
