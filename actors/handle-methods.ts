/** The methods that handles have in the hands of user code. */
import type { FunctionCall } from '../machines/rpc/context.ts';
import type { FutureHandle, RRefHandle } from '../machines/rpc/handles.ts';
import { isFutureHandle, isRRefHandle } from '../machines/rpc/handles.ts';
import type { Presenter } from '../machines/rpc/presenter.ts';
import { createPresenter, handleOf } from '../machines/rpc/presenter.ts';
import { printRRef } from '../machines/rref/texts.ts';
import { named } from '../src/index.ts';
import type { Program, UserFunction } from '../src/index.ts';
import { ask, gradMode } from './ask.ts';
import { typeError } from './errors.ts';
import type { CallOptions, Future, RRef } from './types.ts';

const rrefMethods: RRef<unknown> = Object.freeze({
  *confirmedByOwner() {
    return yield* ask<boolean>({ type: 'rref.confirmed-by-owner', rref: rrefOf(this) });
  },
  *drop() {
    yield* ask<undefined>({ type: 'rref.drop', rref: rrefOf(this) });
  },
  *getFuture() {
    return yield* ask<Future<undefined>>({ type: 'rref.get-future', rref: rrefOf(this) });
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
  *toHere({ timeout }: CallOptions = {}) {
    const rref = rrefOf(this);
    return yield* ask<unknown>({
      type: 'rref.to-here',
      gradMode: yield* gradMode(),
      rref,
      timeout,
    });
  },
  toString() {
    const { forkId, rrefId } = rrefOf(this);
    return printRRef(rrefId, forkId);
  },
});

const futureMethods: Future<unknown> = Object.freeze({
  *addDoneCallback(callback: UserFunction, ...args: readonly unknown[]) {
    const future = futureOf(this);
    const call = yield* callbackCall(callback, args);
    yield* ask<undefined>({ type: 'future.add-done-callback', call, future });
  },
  *done() {
    return yield* ask<boolean>({ type: 'future.done', future: futureOf(this) });
  },
  *setException({ message, name }: Error) {
    const future = futureOf(this);
    yield* ask<undefined>({ type: 'future.set-exception', error: { message, name }, future });
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
