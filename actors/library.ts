/**
 * The functions of PyTorch itself that run on peers: workers know them beside those of the user.
 *
 * @see PyTorch, `torch/distributed/rpc/api.py`, `_rref_typeof_on_owner`; `rref_proxy.py`, `_local_invoke`.
 */
import { pythonTypeOf } from '../machines/engine/python-types.ts';
import { plain } from '../machines/rpc/user/presenter.ts';
import { perform } from '../src/index.ts';
import type { Program } from '../src/index.ts';
import { methodTaking } from './classes.ts';
import { asyncExecution } from './marks.ts';
import type { Future, RRef } from './types.ts';

/** The type of the value, which is waited for. */
export function* rrefTypeofOnOwner(rref: RRef<unknown>): Program<string> {
  return pythonTypeOf(plain(yield* rref.localValue()));
}

/** Calls a method of the value on its owner. */
export function* localInvoke(
  rref: RRef<unknown>,
  name: string,
  args: readonly unknown[],
): Program<unknown> {
  const type = yield* rrefTypeofOnOwner(rref);
  const { fn, isStatic } = yield* methodTaking(type, name, args.length);
  const given = isStatic ? args : [rref, ...args];
  return yield* perform<unknown>({ type: 'program.call', args: given, fn });
}

/** The same for a method that gives a future. */
export const localInvokeAsync = asyncExecution(function* localInvokeAsync(
  rref: RRef<unknown>,
  name: string,
  args: readonly unknown[],
): Program<Future<unknown>> {
  // cast -- the result of a method that is marked so
  return (yield* localInvoke(rref, name, args)) as Future<unknown>;
});
