/**
 * What may run here: machines that keep to XState's pure vocabulary. What acts on the outside is
 * refused when a system is defined, with the remedy; what only shows at run time, at its first use.
 */
import type { AnyActorLogic, AnyStateMachine, AnyStateNode } from 'xstate';

import { SimulationError } from '../core/errors.ts';
import { missing, requireImplemented } from './implemented.ts';
import { partsOf, resolveAction } from './machine-parts.ts';
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
 * @throws {SimulationError} `runtime/impure-machine`, or `runtime/missing-action` (`-actor`, `-delay`, `-guard`),
 * naming machine, actor, state and remedy.
 */
export function requirePure(logic: AnyActorLogic, { name, of }: Named): void {
  requirePureLogic(logic, { name, of, seen: new Set(), where: 'The system' });
}

/** What a logic is called, and whose it is. */
export interface Named {
  readonly name: string;
  readonly of: string;
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

interface Use extends Named {
  readonly seen: Set<unknown>;
  /** Who uses it. */
  readonly where: string;
}

function requirePureLogic(logic: unknown, use: Use): void {
  const { name, seen, where } = use;
  if (seen.has(logic)) return;
  seen.add(logic);
  if (isMachine(logic)) {
    for (const node of nodesOf(logic.root)) requirePureNode(logic, node, use);
    return;
  }
  // Promises, callbacks and observables act when they start; a pure logic has nothing to start.
  if (typeof logic !== 'object' || logic === null || isStandIn(logic)) return;
  if ('start' in logic && logic.start !== undefined) throw impureLogic(where, name);
}

function requirePureNode(machine: AnyStateMachine, node: AnyStateNode, { of, seen }: Use): void {
  const whereIn = (place: string): string =>
    `Machine "${machine.id}" (${of}, state "${node.path.join('.') || '(root)'}"${place})`;
  const below = of.startsWith('a child') ? of : `a child of ${of}`;
  for (const part of partsOf(node)) {
    const where = whereIn(`, ${part.place}`);
    for (const action of part.actions) {
      const { resolved, type } = resolveAction(machine, action);
      if (typeof resolved !== 'function') continue;
      if (!('resolve' in resolved) && !isRecordedAction(resolved)) throw impureAction(where, type);
      const use = { name: '', of: below, seen, where };
      if ('src' in resolved) requirePureSource(machine, resolved.src, use);
    }
    requireImplemented(machine, part, where);
  }
  const where = whereIn('');
  for (const { src } of node.invoke)
    requirePureSource(machine, src, { name: '', of: below, seen, where });
}

function requirePureSource(machine: AnyStateMachine, src: unknown, use: Use): void {
  if (typeof src !== 'string') return requirePureLogic(src, { ...use, name: '(inline)' });
  const logic = sourceNamed(machine, src);
  if (logic !== undefined) {
    const name = src.startsWith('xstate.invoke.') ? '(inline)' : src;
    return requirePureLogic(logic, { ...use, name });
  }
  throw missing('actor', src, use.where);
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
