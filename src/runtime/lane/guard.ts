/** Guards, looked up once and asked many times. */
/* oxlint-disable typescript/no-unsafe-type-assertion -- XState's guards are known by their shape */
import type { AnyStateMachine } from 'xstate';

import { paramsOf } from './params.ts';
import type { Params } from './params.ts';
import type { Turn } from './turn.ts';

/** Whether a transition may be taken now. */
export type Guard = (turn: Turn) => boolean;

/**
 * A guard of a machine; `undefined` if nobody implements it.
 *
 * @see XState 5.33, `guards.ts`, `evaluateGuard`.
 */
export function guardOf(machine: AnyStateMachine, guard: unknown): Guard | undefined {
  const resolved = typeof guard === 'function' ? guard : implementationOf(machine, guard);
  if (resolved === undefined) return undefined;
  // A name may stand for another name, with params of its own.
  if (typeof resolved !== 'function') return guardOf(machine, resolved);
  const params = paramsOf(guard);
  if ('check' in resolved) return builtIn(resolved as unknown as BuiltIn);
  return asked(resolved as Predicate, params);
}

interface BuiltIn {
  readonly check: (snapshot: unknown, args: Args, guard: unknown) => boolean;
}

interface Args {
  readonly context: unknown;
  readonly event: unknown;
}

type Predicate = (args: Args, params: unknown) => unknown;

function builtIn(guard: BuiltIn): Guard {
  return ({ event, view }) => guard.check(view, { context: view.context, event }, guard);
}

function asked(predicate: Predicate, params: Params): Guard {
  return ({ event, view: { context } }) => {
    const given = params({ context, event });
    return Boolean(predicate({ context, event }, given));
  };
}

function implementationOf(machine: AnyStateMachine, guard: unknown): unknown {
  const name = typeof guard === 'string' ? guard : (guard as { readonly type: string }).type;
  return (machine.implementations.guards as Readonly<Record<string, unknown>>)[name];
}
