/** The methods that handles have in the hands of user code. */
import { pythonTypeOf } from '../machines/engine/python-types.ts';
import { isTensor } from '../machines/engine/tensor.ts';
import { noTensorText } from '../machines/rpc/autograd/rref-backward.ts';
import type { FunctionCall } from '../machines/rpc/context.ts';
import { reprOf } from '../machines/rpc/signatures/python-repr.ts';
import type { FutureHandle, RRefHandle } from '../machines/rpc/user/handles.ts';
import { isFutureHandle, isRRefHandle } from '../machines/rpc/user/handles.ts';
import type { Presenter } from '../machines/rpc/user/presenter.ts';
import { createPresenter, handleOf, plain } from '../machines/rpc/user/presenter.ts';
import { printRRef } from '../machines/rref/texts.ts';
import { named, toFailure } from '../src/index.ts';
import type { Program, UserFunction } from '../src/index.ts';
import { ask, callMode, gradMode } from './ask.ts';
import type { RRefProxy } from './class-types.ts';
import { distAutograd } from './dist-autograd.ts';
import type { BackwardOptions } from './dist-autograd.ts';
import { pythonError, runtimeError, typeError } from './errors.ts';
import { createFuture } from './futures.ts';
import { rrefTypeofOnOwner } from './library.ts';
import { createProxy } from './proxies.ts';
import { timeoutOf } from './seconds.ts';
import { torch } from './torch.ts';
import type { CallOptions, ContextId, Future, RRef } from './types.ts';

const rrefMethods: RRef<unknown> = Object.freeze({
  *backward(contextId?: ContextId, { retainGraph = false }: BackwardOptions = {}) {
    const rref = rrefOf(this);
    if (!rref.isOwner) {
      yield* ask<undefined>({ type: 'rref.backward', contextId, retainGraph, rref });
      return;
    }
    const root = plain(yield* this.localValue());
    if (!isTensor(root)) throw runtimeError(noTensorText);
    // PyTorch passes `retain_graph` on to distributed passes alone.
    yield* contextId === undefined
      ? torch.backward([root])
      : distAutograd.backward(contextId, [root], { retainGraph });
  },
  *confirmedByOwner() {
    return yield* ask<boolean>({ type: 'rref.confirmed-by-owner', rref: rrefOf(this) });
  },
  *drop() {
    yield* ask<undefined>({ type: 'rref.drop', rref: rrefOf(this) });
  },
  *getFuture() {
    return yield* ask<Future<undefined>>({ type: 'rref.get-future', rref: rrefOf(this) });
  },
  *getProfilingFuture() {
    return yield* ask<Future<undefined>>({ type: 'profiler.creation-future', rref: rrefOf(this) });
  },
  *getType(options: CallOptions = {}) {
    return yield* (yield* this.getTypeFuture(options)).wait();
  },
  *getTypeFuture({ timeout }: CallOptions = {}) {
    const rref = rrefOf(this);
    if (!rref.isOwner) {
      const mode = yield* gradMode();
      return yield* ask<Future<string>>({
        type: 'rref.get-type',
        gradMode: mode,
        rref,
        timeout: timeoutOf('_get_type', timeout),
      });
    }
    const type = yield* rrefTypeofOnOwner(this);
    const future = yield* createFuture<string>();
    yield* future.setResult(type);
    return future;
  },
  isOwner() {
    return rrefOf(this).isOwner;
  },
  *localValue() {
    return yield* ask<unknown>({ type: 'rref.local-value', rref: rrefOf(this) });
  },
  owner() {
    const { ownerId: id, ownerName: name } = rrefOf(this);
    return { id, name };
  },
  ownerName() {
    return rrefOf(this).ownerName;
  },
  remote(options: CallOptions = {}): RRefProxy<unknown, 'remote'> {
    timeoutOf('remote', options.timeout);
    return createProxy(this, { mode: 'remote', options });
  },
  rpcAsync(options: CallOptions = {}): RRefProxy<unknown, 'async'> {
    timeoutOf('rpc_async', options.timeout);
    return createProxy(this, { mode: 'async', options });
  },
  rpcSync(options: CallOptions = {}): RRefProxy<unknown, 'sync'> {
    timeoutOf('rpc_sync', options.timeout);
    return createProxy(this, { mode: 'sync', options });
  },
  *setLocalValue(value: unknown) {
    yield* ask<undefined>({ type: 'rref.set-local-value', rref: rrefOf(this), value });
  },
  *toHere({ timeout }: CallOptions = {}) {
    const rref = rrefOf(this);
    return yield* ask<unknown>({
      type: 'rref.to-here',
      ...(yield* callMode()),
      rref,
      timeout: timeoutOf('to_here', timeout),
    });
  },
  toString() {
    const { forkId, rrefId } = rrefOf(this);
    return printRRef(rrefId, forkId);
  },
});

function requireError(error: unknown): void {
  if (error instanceof Error) return;
  const text = `${reprOf(error)} is of type <class '${pythonTypeOf(error).replace('builtins.', '')}'>`;
  throw pythonError('AssertionError', `${text}, not an Exception.`);
}

const futureMethods: Future<unknown> = Object.freeze({
  *addDoneCallback(callback: UserFunction, ...args: readonly unknown[]) {
    const future = futureOf(this);
    const call = yield* callbackCall(callback, args);
    yield* ask<undefined>({ type: 'future.add-done-callback', call, future });
  },
  *done() {
    return yield* ask<boolean>({ type: 'future.done', future: futureOf(this) });
  },
  *setException(error: Error) {
    const future = futureOf(this);
    requireError(error);
    yield* ask<undefined>({ type: 'future.set-exception', error: toFailure(error), future });
  },
  *setResult(value: unknown) {
    yield* ask<undefined>({ type: 'future.set-result', future: futureOf(this), value });
  },
  // oxlint-disable-next-line unicorn/no-thenable -- PyTorch's name; nothing here is awaited
  *then(callback: UserFunction, ...args: readonly unknown[]) {
    const future = futureOf(this);
    const call = yield* callbackCall(callback, args);
    return yield* ask<Future<never>>({ type: 'future.then', call, future });
  },
  *value() {
    return yield* ask<unknown>({ type: 'future.value', future: futureOf(this) });
  },
  *wait() {
    return yield* ask<unknown>({ type: 'future.wait', future: futureOf(this) });
  },
});

/** Dresses the handles of remote references and of futures. */
export const presenter: Presenter = createPresenter({ future: futureMethods, rref: rrefMethods });

/** @see PyTorch, `pybind11`, what it says of an argument that is no function. */
function* callbackCall(fn: UserFunction, args: readonly unknown[]): Program<FunctionCall> {
  requireFunction(fn);
  return { args, fn: yield* named(fn) };
}

/** Only a type that was cast away can lead here. */
function requireFunction(fn: unknown): void {
  if (typeof fn === 'function') return;
  throw typeError('then(): incompatible function arguments. Give it a registered function.');
}

function rrefOf(dressed: object): RRefHandle {
  return handleOf(dressed, isRRefHandle);
}

function futureOf(dressed: object): FutureHandle {
  return handleOf(dressed, isFutureHandle);
}
