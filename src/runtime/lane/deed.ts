/**
 * What a microstep does, looked up once: `assign` is carried out here, for XState would make a whole
 * snapshot of it; all else that needs no actor resolves itself, as under XState.
 *
 * @see XState 5.33, `stateUtils.ts`, `resolveAndExecuteActionsWithContext`; `assign.ts`, `resolveAssign`.
 */
/* oxlint-disable typescript/no-unsafe-type-assertion -- XState's actions are known by their shape */
import type { AnyStateMachine } from 'xstate';

import { paramsOf } from './params.ts';
import type { Params } from './params.ts';
import { leave } from './turn.ts';
import type { Turn } from './turn.ts';

/** Does one thing of a microstep. */
export type Deed = (turn: Turn) => void;

/** A deed that is XState's: it makes or stops an actor. */
export type Deeds = readonly Deed[] | undefined;

/** The actions of a config as deeds; `undefined` where one of them makes or stops an actor. */
export function deedsOf(machine: AnyStateMachine, actions: readonly unknown[]): Deeds {
  const deeds: Deed[] = [];
  for (const action of actions) {
    const deed = deedOf(machine, action);
    if (deed === undefined) return undefined;
    deeds.push(deed);
  }
  return deeds;
}

/** Tells the machine itself that a state is done. */
export function tellDone(id: string): Deed {
  return ({ queue }) => {
    queue.push({ type: `xstate.done.state.${id}`, output: undefined });
  };
}

function deedOf(machine: AnyStateMachine, action: unknown): Deed | undefined {
  const { resolved, type } = resolve(machine, action);
  const params = paramsOf(action);
  if (typeof resolved !== 'function' || !('resolve' in resolved)) {
    return act(type, { exec: resolved, params });
  }
  const builtIn = resolved as unknown as BuiltIn;
  switch (builtIn.type) {
    case 'xstate.assign':
      return assign(builtIn, params);
    case 'xstate.cancel':
    case 'xstate.emit':
    case 'xstate.log':
    case 'xstate.raise':
    case 'xstate.sendTo':
      return perform(builtIn, params);
    case 'xstate.enqueueActions':
      return collect(machine, builtIn, params);
    default:
      // XState has more of its own, and may come to have others.
      return undefined;
  }
}

/** One of XState's own actions. */
interface BuiltIn {
  readonly assignment?: unknown;
  readonly resolve: (
    ...given: readonly [unknown, unknown, unknown, unknown, unknown, unknown]
  ) => readonly [unknown, unknown, (readonly unknown[])?];
  readonly type: string;
}

/** A named action, or one written inline: what becomes of it is decided where actions are read. */
function act(
  type: string,
  { exec, params }: { readonly exec: unknown; readonly params: Params },
): Deed {
  return (turn) => {
    const { event, view } = turn;
    const given = params({ context: view.context, event });
    report(turn, { exec, params: given, type });
  };
}

function perform(action: BuiltIn, params: Params): Deed {
  return (turn) => {
    const [, resolved] = resolveIn(turn, action, params);
    report(turn, { params: resolved, type: action.type });
  };
}

function collect(machine: AnyStateMachine, action: BuiltIn, params: Params): Deed {
  return (turn) => {
    const [, , actions = []] = resolveIn(turn, action, params);
    const deeds = deedsOf(machine, actions) ?? leave(turn);
    for (const deed of deeds) deed(turn);
  };
}

function resolveIn(turn: Turn, action: BuiltIn, params: Params): ReturnType<BuiltIn['resolve']> {
  const { event, queue, scope, view } = turn;
  const { context } = view;
  // The order of these readings tells a send without a target; see `recorder.ts`.
  const { self } = scope;
  const { system } = scope;
  const given = params({ context, event });
  return action.resolve(scope, view, { context, event, self, system }, given, action, {
    internalQueue: queue,
  });
}

function report(
  { scope }: Turn,
  action: { readonly exec?: unknown; readonly params: unknown; readonly type: string },
): void {
  (scope.actionExecutor as unknown as (reported: typeof action) => void)(action);
}

type Update = Readonly<Record<string, unknown>>;
type Assigner = (args: unknown, params: unknown) => unknown;

function assign({ assignment }: BuiltIn, params: Params): Deed {
  const isWhole = typeof assignment === 'function';
  const update = isWhole ? byFunction(assignment as Assigner) : byKey(assignment);
  return (turn) => {
    const { event, scope, view } = turn;
    const { context } = view;
    if (typeof context !== 'object' || context === null) leave(turn);
    const { self, system } = scope;
    const given = params({ context, event });
    const args = { context, event, spawn: () => leave(turn), self, system };
    view.context = update({ ...context }, args, given);
    turn.changes += 1;
    turn.mayHoldSymbols ||= isWhole;
  };
}

/** Brings a copy of the context up to date. */
type Updater = (copy: Writable, args: unknown, params: unknown) => unknown;
type Writable = Record<string, unknown>;

function byFunction(assigner: Assigner): Updater {
  return (copy, args, params) => Object.assign(copy, assigner(args, params));
}

function byKey(assignment: unknown): Updater {
  const members = Object.entries(assignment as Update);
  return (copy, args, params) => {
    for (const [key, member] of members) {
      copy[key] = typeof member === 'function' ? (member as Assigner)(args, params) : member;
    }
    return copy;
  };
}

interface Resolved {
  readonly resolved: unknown;
  readonly type: string;
}

function resolve(machine: AnyStateMachine, action: unknown): Resolved {
  if (typeof action === 'function') return { resolved: action, type: action.name || '(anonymous)' };
  const type = typeof action === 'string' ? action : (action as { readonly type: string }).type;
  const { actions } = machine.implementations as {
    readonly actions: Readonly<Record<string, unknown>>;
  };
  return { resolved: actions[type], type };
}
