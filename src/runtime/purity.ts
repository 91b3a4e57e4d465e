/**
 * What may run here: machines that keep to XState's pure vocabulary. What acts on the outside is
 * refused when a system is defined, with the remedy; what only shows at run time, at its first use.
 */
import { StateMachine, type AnyActorLogic, type AnyStateMachine, type AnyStateNode } from 'xstate';

import { SimulationError } from '../core/errors.ts';
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
 * Checks a logic and, in a machine, all actions and actors that it names.
 *
 * @throws {SimulationError} `runtime/impure-machine` or `runtime/missing-actor`, naming machine, state
 * and remedy.
 */
export function requirePure(logic: AnyActorLogic, name: string): void {
  if (logic instanceof StateMachine) {
    const machine = logic as AnyStateMachine;
    for (const node of nodesOf(machine.root)) requirePureNode(machine, node);
    return;
  }
  // Promises, callbacks and observables act when they start; a pure logic has nothing to start.
  if ('start' in logic && logic.start !== undefined && !isStandIn(logic))
    throw impureLogic(name, name);
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

function requirePureNode(machine: AnyStateMachine, node: AnyStateNode): void {
  const where = `Machine "${machine.id}", state "${node.path.join('.') || '(root)'}",`;
  const transitions = [...node.transitions.values()].flat();
  const actions = [
    ...node.entry,
    ...node.exit,
    ...transitions.flatMap((transition) => transition.actions),
    ...(node.always ?? []).flatMap((transition) => transition.actions),
    ...(node.type === 'compound' ? node.initial.actions : []),
  ];
  for (const action of actions) requirePureAction(machine, where, action);
  for (const { src } of node.invoke) requirePureSource(machine, where, src);
}

function requirePureAction(machine: AnyStateMachine, where: string, action: unknown): void {
  const type =
    typeof action === 'object' && action !== null
      ? (action as { readonly type: string }).type
      : action;
  const resolved: unknown = typeof type === 'string' ? machine.implementations.actions[type] : type;
  // A name without an implementation does nothing in XState too: it becomes an entry of the trace.
  if (typeof resolved !== 'function' || 'resolve' in resolved || isRecordedAction(resolved)) return;
  throw impureAction(where, typeof type === 'string' ? type : resolved.name || '(inline)');
}

function requirePureSource(machine: AnyStateMachine, where: string, src: unknown): void {
  if (typeof src !== 'string') return;
  const inline = /^xstate\.invoke\.(\d+)\.(.*)$/.exec(src);
  const logic: unknown = inline
    ? inlineSource(machine, inline)
    : machine.implementations.actors[src];
  if (logic === undefined) {
    throw new SimulationError(
      'runtime/missing-actor',
      `${where} invokes "${src}", which no one implements. ` +
        `Add it in setup({ actors }) or by machine.provide({ actors: { ${quoted(src)}: … } }).`,
    );
  }
  if (logic instanceof StateMachine || isStandIn(logic)) return;
  if (typeof logic === 'object' && logic !== null && 'start' in logic) {
    throw impureLogic(where, inline ? '(inline)' : src);
  }
}

function inlineSource(machine: AnyStateMachine, [, index, id]: RegExpExecArray): unknown {
  const { invoke } = machine.getStateNodeById(id ?? '').config as { readonly invoke?: unknown };
  const all = (Array.isArray(invoke) ? invoke : [invoke]) as readonly { readonly src: unknown }[];
  return all[Number(index)]?.src;
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

function* nodesOf(node: AnyStateNode): Generator<AnyStateNode> {
  yield node;
  for (const child of Object.values(node.states)) yield* nodesOf(child);
}
