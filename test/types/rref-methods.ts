/** What the compiler knows about methods of remote values. Compiled, never run: each `@ts-expect-error` is a claim. */
import { rpc, torch } from '../../actors/index.ts';
import type { Future, RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';

const counter = rpc.defineClass('Counter', {
  construct: (start: number) => ({ count: start }),
  methods: {
    *add(self: RRef<{ readonly count: number }>, by: number): Program<number> {
      return (yield* self.localValue()).count + by;
    },
    later: rpc.asyncExecution(function* later(_self: RRef<object>): Program<Future<string>> {
      return yield* rpc.future<string>();
    }),
  },
  statics: { isLarge: (n: number): boolean => n > 9 },
});

export function* methods(): Program<string> {
  const rref = yield* rpc.remote('worker1', counter.create, [1]);
  const sum: number = yield* rref.rpcSync({ timeout: 1 }).add(2);
  const future: Future<number> = yield* rref.rpcAsync().add(sum);
  const kept: RRef<boolean> = yield* rref.remote().isLarge(yield* future.wait());
  const text: string = yield* rref.rpcSync().later();
  const tensor = yield* rpc.remote('worker1', torch.add, [yield* torch.tensor([1]), 1]);
  const doubled: Tensor = yield* tensor.rpcSync().add(1);
  const size: readonly number[] = yield* tensor.rpcSync().size();
  const unknown: RRef<unknown> = rref;

  // @ts-expect-error -- the arguments are those of the method
  yield* rref.rpcSync().add('two');

  // @ts-expect-error -- all of them are given
  yield* rref.rpcSync().add();

  // @ts-expect-error -- only methods of the class are called
  yield* rref.rpcSync().subtract(1);

  // @ts-expect-error -- a number has no methods
  yield* kept.rpcSync().add(1);

  // @ts-expect-error -- the constructor has a type, too
  yield* rpc.remote('worker1', counter.create, ['one']);

  return `${text} ${doubled.data.length} ${size.length} ${String(unknown)}`;
}
