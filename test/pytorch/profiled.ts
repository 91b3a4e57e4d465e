/** What PyTorch's tests of the profiler call, and how they look at events. */
import { expect } from 'vitest';

import { profiler, rpc, torch } from '../../actors/index.ts';
import type { Future, ProfiledEvent } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program, UserFunction } from '../../src/index.ts';

export const remoteOp = '#remote_op: ';

/** The operators that `udfWithTorchOps` runs. */
export const remoteOps = [
  'aten::ones',
  'aten::ones',
  'aten::add',
  'aten::mul',
  'aten::relu',
  'aten::sigmoid',
];

export function* mySleep(seconds: number): Program<Tensor> {
  yield* rpc.sleep(seconds);
  return yield* torch.mul(yield* torch.tensor([1]), 1);
}

export const myScript = rpc.script(function* myScript(tensor: Tensor): Program<Tensor> {
  return yield* torch.add(tensor, tensor);
});

function* withTorchOps(): Program<Tensor> {
  const [left, right] = [yield* torch.ones([1]), yield* torch.ones([1])];
  const sum = yield* torch.add(left, right);
  return yield* torch.sigmoid(yield* torch.relu(yield* torch.mul(sum, sum)));
}

export function* udfWithTorchOps(hasScope = false): Program<Tensor> {
  return hasScope
    ? yield* profiler.recordFunction('##forward##', withTorchOps)
    : yield* withTorchOps();
}

function* slowAdd(left: Tensor, right: Tensor): Program<Tensor> {
  yield* rpc.sleep(1);
  return yield* torch.add(left, right);
}

export const slowAsyncAdd = rpc.asyncExecution(function* slowAsyncAdd(
  to: string,
  left: Tensor,
  right: Tensor,
): Program<Future<Tensor>> {
  return yield* rpc.async(to, slowAdd, [left, right]);
});

export const functions = { mySleep, myScript, slowAdd, slowAsyncAdd, udfWithTorchOps };

export type Mode = 'async' | 'remote' | 'sync';

export interface Workload {
  readonly args: readonly unknown[];
  readonly fn: UserFunction;
  readonly mode: Mode;
  readonly name: string;
  readonly to: string;
}

/** The call, waited for to its end. */
export function* callOnce({ args, fn, mode, to }: Workload): Program<void> {
  // cast -- the types of functions in a table are not known
  const given = args as never;
  if (mode === 'sync') yield* rpc.sync(to, fn, given);
  if (mode === 'async') yield* (yield* rpc.async(to, fn, given)).wait();
  if (mode !== 'remote') return;
  const rref = yield* rpc.remote(to, fn, given);
  yield* rref.toHere();
  yield* (yield* rref.getProfilingFuture()).wait();
}

/** The only event whose name has this in it; among remote events it is looked for in vain. */
export function eventOf(events: readonly ProfiledEvent[], part: string): ProfiledEvent {
  const found = events.filter(({ isRemote, name }) => !isRemote && name.includes(part));
  expect(found).toHaveLength(1);
  return found[0] ?? expect.fail(part);
}

function localName({ name }: ProfiledEvent): string {
  return name.split(remoteOp).at(-1) ?? name;
}

/** All that lies in a scope, however deep. */
export function childrenOf(
  events: readonly ProfiledEvent[],
  { id }: ProfiledEvent,
): readonly string[] {
  return events
    .filter(({ parent }) => parent === id)
    .flatMap((child) => [localName(child), ...childrenOf(events, child)]);
}
