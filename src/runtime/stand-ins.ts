/**
 * Stand-ins for what cannot be deterministic: a promise becomes its possible outcomes, a callback or an
 * observable a script. Each is an actor logic of XState whose choices are timers of the world.
 */
/* oxlint-disable typescript/no-unsafe-type-assertion, typescript/no-unnecessary-type-parameters --
   a logic's scope and events are known by their shape, and its type by where it is put */
import type {
  ActorLogic,
  ActorScope,
  AnyActorLogic,
  EventObject,
  NonReducibleUnknown,
  PromiseActorLogic,
  Snapshot,
} from 'xstate';

import { canonical } from '../core/canonical.ts';
import { zero } from '../core/duration.ts';
import type { Duration } from '../core/duration.ts';
import { invariant } from '../core/errors.ts';

/** The type of the action by which a stand-in sets a timer. */
export const scheduleType = 'orrery.schedule';

/** How a promise may end. */
export interface OutcomesOptions<Output> {
  /** Values with which it may resolve, dullest first. */
  readonly resolve?: readonly Output[];
  /** Errors with which it may reject. */
  readonly reject?: readonly unknown[];
  /** Moments at which it may end, after its start; at once when absent. */
  readonly within?: readonly Duration[];
}

/** One moment of a scripted actor. */
export interface ScriptStep {
  /** Moments, after the step before, at which it may come; at once when absent. */
  readonly within?: readonly Duration[];
  /** Events for the parent: one of them comes, which one is a choice. */
  readonly send?: readonly EventObject[];
}

/** What a stand-in remembers. */
type StandInSnapshot<Output> = Snapshot<Output> & { readonly position: number };

type StandIn<Output> = ActorLogic<StandInSnapshot<Output>, EventObject>;

/**
 * A stand-in for a promise: `machine.provide({ actors: { fetchUser: outcomes({ resolve: [ann, bob],
 * reject: [notFound], within: [ms(5), ms(50)] }) } })`. Each outcome at each moment is a choice, with
 * XState's own done and error events; the first value at the first moment is the dullest.
 *
 * @throws {SimulationError} `runtime/no-outcome` if it could never end.
 */
export function outcomes<Output, Input = NonReducibleUnknown>(
  options: OutcomesOptions<Output>,
): PromiseActorLogic<Output, Input> {
  const events = [
    ...(options.resolve ?? []).map((output) => ({ output, type: resolvedType })),
    ...(options.reject ?? []).map((error) => ({ error, type: rejectedType })),
  ].map((event) => canonical(event, 'outcomes'));
  invariant(
    events.length > 0,
    'runtime/no-outcome',
    'outcomes() got neither a value to resolve with nor an error to reject with. Give at least one.',
  );
  const logic = standIn<Output>({
    begin: (scope) => {
      schedule(scope, events, options.within);
      return { error: undefined, output: undefined, position: 0, status: 'active' };
    },
    turn: settlePromise,
  });
  return logic as unknown as PromiseActorLogic<Output, Input>;
}

/**
 * A stand-in for a callback or an observable: it tells its parent one event a step, and is done when
 * the script ends. `Logic` is the type of what it stands for.
 */
export function scripted<Logic extends AnyActorLogic = AnyActorLogic>(
  script: readonly ScriptStep[],
): Logic {
  const waitFor = (scope: AnyScope, position: number): void => {
    const step = script[position];
    if (step === undefined) return;
    const sends = step.send ?? [];
    const events =
      sends.length === 0 ? [{ type: tickType }] : sends.map((event) => ({ event, type: tickType }));
    schedule(
      scope,
      events.map((event) => canonical(event, 'scripted')),
      step.within,
    );
  };
  const at = (position: number): StandInSnapshot<undefined> => ({
    error: undefined,
    output: undefined,
    position,
    status: position < script.length ? 'active' : 'done',
  });
  const logic = standIn<undefined>({
    begin: (scope) => {
      waitFor(scope, 0);
      return at(0);
    },
    turn: (snapshot, event, scope) => {
      if (event.type !== tickType) return snapshot;
      if ('event' in event) tellParent(scope, event['event']);
      const position = snapshot.position + 1;
      waitFor(scope, position);
      return at(position);
    },
  });
  return logic as unknown as Logic;
}

/** Whether a logic was made here. */
export function isStandIn(logic: unknown): boolean {
  return typeof logic === 'object' && logic !== null && standInMark in logic;
}

const standInMark: unique symbol = Symbol('orrery.stand-in');
const resolvedType = 'orrery.resolved';
const rejectedType = 'orrery.rejected';
const tickType = 'orrery.ticked';

type AnyScope = ActorScope<never, never>;
interface Behaviour<Output> {
  readonly begin: (scope: AnyScope) => StandInSnapshot<Output>;
  readonly turn: (
    snapshot: StandInSnapshot<Output>,
    event: EventObject & Readonly<Record<string, unknown>>,
    scope: AnyScope,
  ) => StandInSnapshot<Output>;
}

function standIn<Output>({ begin, turn }: Behaviour<Output>): StandIn<Output> {
  const logic: StandIn<Output> = {
    getInitialSnapshot: (scope) => begin(scope as unknown as AnyScope),
    getPersistedSnapshot: (snapshot) => snapshot,
    transition: (snapshot, event, scope) => turn(snapshot, event, scope as unknown as AnyScope),
  };
  return Object.assign(logic, { [standInMark]: true });
}

function settlePromise<Output>(
  snapshot: StandInSnapshot<Output>,
  event: EventObject & Readonly<Record<string, unknown>>,
): StandInSnapshot<Output> {
  if (event.type === resolvedType) {
    return { ...snapshot, output: event['output'] as Output, status: 'done', error: undefined };
  }
  if (event.type === rejectedType) {
    return { ...snapshot, error: event['error'], output: undefined, status: 'error' };
  }
  return snapshot;
}

/** Stand-ins run in the recording scope, which takes this for what it is. */
function schedule(
  scope: AnyScope,
  events: readonly EventObject[],
  within?: readonly Duration[],
): void {
  const windows = within === undefined || within.length === 0 ? [zero] : within;
  execute(scope, { params: { events, to: '.', type: 'schedule', windows }, type: scheduleType });
}

function tellParent(scope: AnyScope, event: unknown): void {
  const { _parent: parent } = scope.self as unknown as { readonly _parent: unknown };
  execute(scope, { params: { event, targetId: '#_parent', to: parent }, type: 'xstate.sendTo' });
}

function execute(
  scope: AnyScope,
  action: { readonly params: unknown; readonly type: string },
): void {
  (scope.actionExecutor as unknown as (recorded: typeof action) => void)(action);
}
