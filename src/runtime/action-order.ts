/**
 * The actions of one step in the order in which XState carries them out, which is not always the order
 * in which it comes upon them: it defers most, and a child takes mail only when it has started.
 *
 * @see XState 5.33, `createActor.ts`, `update` and `start`; `spawnChild.ts` and `stopChild.ts`.
 */
/* oxlint-disable typescript/no-unsafe-type-assertion -- XState's actions are known by their shape */
import type { AnyActor } from 'xstate';

import { startedType } from './recorder.ts';
import type { RecordedAction, Recording } from './recorder.ts';

/** The actions of a step in order, without those of children that are stopped before they start. */
export function inOrder({ actions, children }: Recording): readonly RecordedAction[] {
  if (children.size === 0) return actions;
  const stopped = new Set<unknown>(
    actions
      .filter(({ params, type }) => type === 'xstate.stopChild' && isIn(children, params))
      .map(({ params }) => params),
  );
  const lasting = actions.filter((action) => !stopped.has(childIn(action)));
  return mailAfterStart(lasting, children);
}

/**
 * The same for an actor's first step. XState executes its actions only when it has started, but what
 * `assign` spawned is then already waiting to be started: so that comes first.
 */
export function inFirstOrder(recording: Recording): readonly RecordedAction[] {
  const { actions } = recording;
  return inOrder({
    ...recording,
    actions: [
      ...actions.filter(({ type }) => type === startedType),
      ...actions.filter(({ type }) => type !== startedType),
    ],
  });
}

/** What was done before a step threw: what XState does at once and does not defer. */
export function beforeThrow({ actions }: Recording): readonly RecordedAction[] {
  return actions.filter(({ type }) => type === 'xstate.log' || !/^(?:xstate|orrery)\./.test(type));
}

/** The child that an action starts or stops. */
export function childIn({ params, type }: RecordedAction): AnyActor | undefined {
  if (type === 'xstate.stopChild') return params as AnyActor | undefined;
  if (type !== 'xstate.spawnChild' && type !== startedType) return undefined;
  return (params as { readonly actorRef?: AnyActor }).actorRef;
}

/** What an entry sends to the child that its state invokes waits until the child has started. */
function mailAfterStart(
  actions: readonly RecordedAction[],
  children: ReadonlySet<object>,
): readonly RecordedAction[] {
  const waiting = new Map<unknown, RecordedAction[]>();
  const started = new Set<unknown>();
  return actions.flatMap((action) => {
    const receiver = receiverOf(action);
    if (receiver !== undefined && isIn(children, receiver) && !started.has(receiver)) {
      waiting.set(receiver, [...(waiting.get(receiver) ?? []), action]);
      return [];
    }
    const child = childIn(action);
    if (child === undefined) return [action];
    started.add(child);
    return [action, ...(waiting.get(child) ?? [])];
  });
}

function receiverOf({ params, type }: RecordedAction): unknown {
  if (type !== 'xstate.sendTo') return undefined;
  const { delay, to } = params as { readonly delay?: number; readonly to: unknown };
  return delay === undefined ? to : undefined;
}

function isIn(children: ReadonlySet<object>, value: unknown): boolean {
  return typeof value === 'object' && value !== null && children.has(value);
}
