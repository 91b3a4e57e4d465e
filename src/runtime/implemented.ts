/**
 * Whether all that a machine names is implemented. XState says nothing of a missing action or delay (which it
 * takes for none), and of a missing guard only when it is asked: here all of it is said when a system is defined.
 */
import type { AnyStateMachine } from 'xstate';

import { SimulationError } from '../core/errors.ts';
import { implementation, resolveAction } from './machine-parts.ts';
import type { MachinePart } from './machine-parts.ts';

/** What `setup` has names for. */
export type Implemented = 'action' | 'actor' | 'delay' | 'guard';

/**
 * Checks the actions, delays and guards of a part of a machine. What actions only choose at run time
 * (`enqueueActions`) is looked at then.
 *
 * @throws {SimulationError} `runtime/missing-action`, `runtime/missing-delay`, `runtime/missing-guard`.
 */
export function requireImplemented(
  machine: AnyStateMachine,
  { actions, guard }: MachinePart,
  where: string,
): void {
  if (guard !== undefined) requireGuard(machine, guard, { seen: [], where });
  for (const action of actions) {
    const { resolved, type } = resolveAction(machine, action);
    if (typeof resolved !== 'function') throw missing('action', type, where);
    if (!('delay' in resolved) || typeof resolved.delay !== 'string') continue;
    const delay = implementation(machine, 'delays', resolved.delay);
    if (delay === undefined) throw missing('delay', resolved.delay, where);
  }
}

/** The error for a name that nobody implements. */
export function missing(kind: Implemented, name: string, where: string): SimulationError {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  const list = `${kind}s`;
  const instead =
    kind === 'action' ? ' (recorded(), if it only acts on the outside: it is then only told)' : '';
  return new SimulationError(
    `runtime/missing-${kind}`,
    `${where}: ${kind} "${name}" is not implemented. Give it in setup({ ${list} }), or by ` +
      `machine.provide({ ${list}: { ${key}: … } })${instead}.`,
  );
}

/** What XState, or `withStrictDelays`, throws of a name that it is only given at run time. */
export function missingIn(thrown: unknown, where: () => string): SimulationError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const guard = /^Guard '(.*)' is not implemented\.'?\.$/s.exec(thrown.message)?.[1];
  if (guard !== undefined) return missing('guard', guard, where());
  const delay = /^Delay '(.*)' is not implemented\.$/s.exec(thrown.message)?.[1];
  if (delay !== undefined) return missing('delay', delay, where());
  const actor = /^Actor logic '(.*)' not implemented in machine /s.exec(thrown.message)?.[1];
  return actor === undefined ? undefined : missing('actor', actor, where());
}

interface Asking {
  /** Names that stand for the one that is looked at. */
  readonly seen: readonly string[];
  readonly where: string;
}

/** A name may stand for another guard, and `and`, `or` and `not` are made of others. */
function requireGuard(machine: AnyStateMachine, guard: unknown, { seen, where }: Asking): void {
  if (typeof guard === 'function') {
    const parts: unknown = 'guards' in guard ? guard.guards : [];
    if (Array.isArray(parts))
      for (const part of parts) requireGuard(machine, part, { seen, where });
    return;
  }
  const name = typeof guard === 'object' && guard !== null && 'type' in guard ? guard.type : guard;
  if (typeof name !== 'string' || seen.includes(name)) throw missing('guard', String(name), where);
  const behind = implementation(machine, 'guards', name);
  if (behind === undefined) throw missing('guard', name, where);
  requireGuard(machine, behind, { seen: [...seen, name], where });
}
