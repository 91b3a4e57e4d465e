/**
 * What may run here: machines that keep to XState's pure vocabulary. What acts on the outside is
 * refused when a system is defined, with the remedy; what only shows at run time, at its first use.
 */
/* oxlint-disable typescript/no-unsafe-type-assertion -- XState's configs are known by their shape */
import type { AnyActorLogic, AnyStateMachine, AnyStateNode } from 'xstate';

import { SimulationError } from '../core/errors.ts';
import { isMachine, nodesOf, sourceNamed } from './sources.ts';
import { isStandIn } from './stand-ins.ts';

const recordedMark: unique symbol = Symbol('orrery.recorded');

/**
 * An action that does nothing but leave its name and params in the trace: the stand-in for an action
 * that acts on the outside, `machine.provide({ actions: { playSound: recorded() } })`.
 */
export function recorded(): () => void {
  return Object.assign((): void => undefined, { [recordedMark]: true });
}

/** Whether an action was made by `recorded`. */
export function isRecordedAction(action: unknown): boolean {
  return typeof action === 'function' && recordedMark in action;
}

/**
 * Checks a logic and, in a machine, all actions and actors that its config names, and theirs.
 *
 * @throws {SimulationError} `runtime/impure-machine` or `runtime/missing-actor`, naming machine, state
 * and remedy.
 */
export function requirePure(logic: AnyActorLogic, name: string): void {
  requirePureLogic(logic, { name, seen: new Set(), where: 'The system' });
}

/** The error for an action that would act on the outside. */
export function impureAction(where: string, action: string): SimulationError {
  return new SimulationError(
    'runtime/impure-machine',
    `${where} runs the action "${action}", which acts on the outside. ` +
      'A machine here assigns, sends, raises, spawns and emits. Put a recorded stand-in in its place: ' +
      `machine.provide({ actions: { ${quoted(action)}: recorded() } }), after giving it that name in ` +
      'setup({ actions }) if it is written inline.',
  );
}

interface Use {
  readonly name: string;
  readonly seen: Set<unknown>;
  /** Who uses it. */
  readonly where: string;
}

function requirePureLogic(logic: unknown, { name, seen, where }: Use): void {
  if (seen.has(logic)) return;
  seen.add(logic);
  if (isMachine(logic)) {
    for (const node of nodesOf(logic.root)) requirePureNode(logic, node, seen);
    return;
  }
  // Promises, callbacks and observables act when they start; a pure logic has nothing to start.
  if (typeof logic !== 'object' || logic === null || isStandIn(logic)) return;
  if ('start' in logic && logic.start !== undefined) throw impureLogic(where, name);
}

function requirePureNode(machine: AnyStateMachine, node: AnyStateNode, seen: Set<unknown>): void {
  const where = `Machine "${machine.id}", state "${node.path.join('.') || '(root)'}",`;
  const transitions = [...node.transitions.values()].flat();
  const actions: readonly unknown[] = [
    ...node.entry,
    ...node.exit,
    ...transitions.flatMap((transition) => transition.actions),
    ...(node.always ?? []).flatMap((transition) => transition.actions),
    ...(node.type === 'compound' ? node.initial.actions : []),
  ];
  for (const action of actions) {
    const { resolved, type } = resolveAction(machine, action);
    if (typeof resolved !== 'function') continue;
    if (!('resolve' in resolved) && !isRecordedAction(resolved)) throw impureAction(where, type);
    if ('src' in resolved) requirePureSource(machine, resolved.src, { name: '', seen, where });
  }
  for (const { src } of node.invoke) requirePureSource(machine, src, { name: '', seen, where });
}

/** A name without an implementation does nothing in XState too: it becomes an entry of the trace. */
function resolveAction(machine: AnyStateMachine, action: unknown): ResolvedAction {
  const type =
    typeof action === 'object' && action !== null
      ? (action as { readonly type: string }).type
      : action;
  if (typeof type === 'string') {
    const { actions } = machine.implementations as {
      readonly actions: Readonly<Record<string, unknown>>;
    };
    return { resolved: actions[type], type };
  }
  return { resolved: type, type: (typeof type === 'function' && type.name) || '(inline)' };
}

interface ResolvedAction {
  readonly resolved: unknown;
  readonly type: string;
}

function requirePureSource(machine: AnyStateMachine, src: unknown, use: Use): void {
  if (typeof src !== 'string') return requirePureLogic(src, { ...use, name: '(inline)' });
  const logic = sourceNamed(machine, src);
  if (logic !== undefined) {
    const name = src.startsWith('xstate.invoke.') ? '(inline)' : src;
    return requirePureLogic(logic, { ...use, name });
  }
  throw new SimulationError(
    'runtime/missing-actor',
    `${use.where} starts "${src}", which no one implements. ` +
      `Add it in setup({ actors }) or by machine.provide({ actors: { ${quoted(src)}: … } }).`,
  );
}

function impureLogic(where: string, src: string): SimulationError {
  return new SimulationError(
    'runtime/impure-machine',
    `${where} runs "${src}", a promise, callback or observable, whose outcome nobody here can decide. ` +
      'Put its possible outcomes in its place: ' +
      `machine.provide({ actors: { ${quoted(src)}: outcomes({ resolve: [...], reject: [...], within: [ms(5)] }) } }) ` +
      'for a promise, scripted([...]) for a callback or an observable; name it in setup({ actors }) first ' +
      'if it is written inline.',
  );
}

function quoted(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
