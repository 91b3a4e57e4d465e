/** What the compiler knows about remote calls. Compiled, never run: each `@ts-expect-error` is a claim. */
import { rpc, torch } from '../../actors/index.ts';
import type { Future, RRef } from '../../actors/index.ts';
import type { Program } from '../../src/index.ts';

function* scale(factor: number, text: string): Program<number> {
  yield* rpc.sleep(factor);
  return text.length * factor;
}

const later = rpc.asyncExecution(function* later(n: number): Program<Future<string>> {
  return yield* (yield* rpc.async('worker1', scale, [n, 'x'])).then(print);
});

function* print(future: Future<number>, prefix = ''): Program<string> {
  return `${prefix}${yield* future.wait()}`;
}

export function* calls(): Program<string> {
  const product: number = yield* rpc.sync('worker1', scale, [2, 'two']);
  const future: Future<number> = yield* rpc.async(1, scale, [product, 'two'], { timeout: 1 });
  const rref: RRef<number> = yield* rpc.remote({ id: 1, name: 'worker1' }, scale, [1, 'one']);
  const here: number = yield* rref.toHere();
  const text: string = yield* rpc.sync('worker1', later, [here]);
  const printed: Future<string> = yield* future.then(print, 'n = ');
  const all: readonly number[] = yield* rpc.waitAll([future, future]);
  const { data } = yield* rpc.sync('worker1', torch.add, [yield* torch.tensor(all), 1]);

  // @ts-expect-error -- each argument has the type that the function names
  yield* rpc.sync('worker1', scale, ['two', 2]);
  // @ts-expect-error -- none may be left out
  yield* rpc.async('worker1', scale, [2]);
  // @ts-expect-error -- the value has the type of the function's result
  const wrong: string = yield* rref.localValue();
  // @ts-expect-error -- a call of an asynchronous function gives what its future gives
  const never: Future<string> = yield* rpc.sync('worker1', later, [1]);
  // @ts-expect-error -- a callback takes the future of this value
  yield* (yield* printed.then(print)).wait();

  return [text, ...data, wrong, yield* never.wait()].join(' ');
}
