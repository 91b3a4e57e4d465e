/** All functions that workers know: those of the user, of classes, and of PyTorch itself. */
import { typeofOnOwner } from '../machines/rpc/references/rref-types.ts';
import { defineFunctions, SimulationError } from '../src/index.ts';
import type { Call, Functions, FunctionRegistry, UserFunction } from '../src/index.ts';
import type { AnyClass } from './classes.ts';
import { functionsOf, tensorFunctions } from './classes.ts';
import { gatherFunctions } from './group/gather.ts';
import { membershipFunctions } from './group/membership.ts';
import { localInvoke, localInvokeAsync, rrefTypeofOnOwner } from './library.ts';
import { optimizerFunctions } from './optim/local-optimizer.ts';
import { completeResult, invokeTyped } from './proxies.ts';
import { runBackward, runBackwardName } from './run-backward.ts';

const library: Functions = Object.freeze({
  ...tensorFunctions,
  ...gatherFunctions,
  ...optimizerFunctions,
  ...membershipFunctions,
  'torch.distributed.rpc.rref_proxy._complete_op': completeResult,
  'torch.distributed.rpc.rref_proxy._local_invoke': localInvoke,
  'torch.distributed.rpc.rref_proxy._local_invoke_async_execution': localInvokeAsync,
  'torch.distributed.rpc.rref_proxy._wrap_rref_type_cont': invokeTyped,
  [runBackwardName]: runBackward,
  [typeofOnOwner]: rrefTypeofOnOwner,
});

/**
 * The functions of the user, and beside them those that every worker has.
 *
 * @throws {SimulationError} `rpc/bad-cluster` where two have the same name.
 */
export function workerFunctions(
  own: FunctionRegistry,
  classes: readonly AnyClass[],
): FunctionRegistry {
  const added = { ...library, ...functionsOf(classes) };
  for (const name of Object.keys(added)) {
    if (!own.has(name)) continue;
    throw new SimulationError(
      'rpc/bad-cluster',
      `The function "${name}" has the name of one that a class or PyTorch brings along. Rename it.`,
    );
  }
  const others = defineFunctions(added);
  const names = new Map<UserFunction, string>(
    Object.entries(added).map(([name, fn]) => [fn, name] as const),
  );
  return Object.freeze({
    ...own,
    has: (name: string) => own.has(name) || others.has(name),
    nameOf: (fn: UserFunction) => names.get(fn) ?? own.nameOf(fn),
    start: (call: Call) => (others.has(call.fn) ? others : own).start(call),
  }) satisfies FunctionRegistry;
}
