/**
 * Methods of a value, called on its owner through a reference: first the type of the value is asked for,
 * then the method is called. A time-out is that of each of the two calls.
 *
 * @see PyTorch, `torch/distributed/rpc/rref_proxy.py`, `_invoke_rpc`.
 */
import type { Program } from '../src/index.ts';
import type { ProxyMode, RRefProxy } from './class-types.ts';
import type { Method } from './classes.ts';
import { methodOf } from './classes.ts';
import { localInvoke, localInvokeAsync } from './library.ts';
import { rpc } from './rpc.ts';
import type { CallOptions, Future, RRef } from './types.ts';

/** A proxy; it may be used again and again. */
export function createProxy<Value, Mode extends ProxyMode>(
  rref: RRef<Value>,
  { mode, options }: { readonly mode: Mode; readonly options: CallOptions },
): RRefProxy<Value, Mode> {
  const proxy = new Proxy(Object.freeze({}), {
    get: (_, name) =>
      typeof name === 'string'
        ? (...args: readonly unknown[]) => invoke({ args, name, options, rref }, mode)
        : undefined,
  });
  // cast -- whatever name is asked for is the call of a method, which fails where there is none
  return proxy as RRefProxy<Value, Mode>;
}

interface MethodCall {
  readonly args: readonly unknown[];
  readonly name: string;
  readonly options: CallOptions;
  readonly rref: RRef<unknown>;
}

function* invoke(called: MethodCall, mode: ProxyMode): Program<unknown> {
  if (mode === 'async') return yield* invokeAsync(called);
  const { args, name, options, rref } = called;
  const type = yield* (yield* rref.getTypeFuture(options)).wait();
  const fn = functionFor(yield* methodOf(type, name));
  return mode === 'sync'
    ? yield* rpc.sync(rref.owner(), fn, [rref, name, args], options)
    : yield* rpc.remote(rref.owner(), fn, [rref, name, args], options);
}

/** Nothing is waited for: the method is called when the type is known. */
function* invokeAsync({ args, name, options, rref }: MethodCall): Program<Future<unknown>> {
  const result = yield* rpc.future<unknown>();
  const type = yield* rref.getTypeFuture(options);
  yield* type.then(invokeTyped, { args, name, options, result, rref });
  return result;
}

interface PendingCall extends MethodCall {
  readonly result: Future<unknown>;
}

/** The type is known, or asking for it failed. */
export function* invokeTyped(
  typed: Future<string>,
  { args, name, options, result, rref }: PendingCall,
): Program<void> {
  try {
    const fn = functionFor(yield* methodOf(yield* typed.value(), name));
    const called = yield* rpc.async(rref.owner(), fn, [rref, name, args], options);
    yield* called.then(completeResult, result);
  } catch (error) {
    yield* fail(result, error);
  }
}

/** The method gave its result, or failed. */
export function* completeResult(called: Future<unknown>, result: Future<unknown>): Program<void> {
  try {
    yield* result.setResult(yield* called.value());
  } catch (error) {
    yield* fail(result, error);
  }
}

function* fail(result: Future<unknown>, error: unknown): Program<void> {
  if (!(error instanceof Error)) throw error;
  yield* result.setException(error);
}

function functionFor({ isAsync }: Method) {
  return isAsync ? localInvokeAsync : localInvoke;
}
