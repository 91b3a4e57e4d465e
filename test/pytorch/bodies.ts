/** What many of PyTorch's tests call. */
import { pythonError, rpc, torch, valueError } from '../../actors/index.ts';
import type { Future, Operand } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';

/** A tensor of ones. */
export function* ones(n = 2): Program<Tensor> {
  return yield* torch.tensor(Array<number>(n).fill(1));
}

export function* myAdd(left: Operand, right: Operand): Program<Tensor> {
  return yield* torch.add(left, right);
}

export function raiseValue(): never {
  throw valueError('Expected error');
}

export function raiseRuntime(): never {
  throw pythonError('RuntimeError', 'Expected error');
}

/** What a program raises, as its class and its text; `undefined` if it raises nothing. */
export function* raised(program: Program<unknown>): Program<readonly [string, string] | undefined> {
  try {
    yield* program;
  } catch (error) {
    if (error instanceof Error) return [error.name, error.message];
  }
  return undefined;
}

/** What waiting for a future raises. */
export function* raisedBy(future: Future<unknown>): Program<readonly [string, string] | undefined> {
  return yield* raised(future.wait());
}

export const addAsync = rpc.asyncExecution(function* addAsync(
  to: string,
  left: Tensor,
  right: Operand,
): Program<Future<Tensor>> {
  return yield* rpc.async(to, myAdd, [left, right]);
});
