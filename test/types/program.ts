/** What the compiler knows about user code. Compiled, never run: each `@ts-expect-error` is a claim. */
import { defineFunctions } from '../../src/program/function-registry.ts';
import type { ResultOf } from '../../src/program/function-registry.ts';
import type { LocalTable } from '../../src/program/local.ts';
import { call, checkpoint, perform } from '../../src/program/request.ts';
import type { Program, Request } from '../../src/program/request.ts';

interface Matrix {
  readonly rows: number;
}

function* matmul(a: Matrix, b: Matrix) {
  const product = yield* perform<Matrix>({ type: 'rpc.sync', to: 'worker1', args: [a, b] });
  return { rows: product.rows };
}

const plus = (a: number, b: number): number => a + b;

const registry = defineFunctions({ matmul, plus, train });

export function* train(steps: number): Program<string> {
  const product = yield* call(matmul, [{ rows: 1 }, { rows: 2 }]);
  const rows: number = product.rows;
  const sum: number = yield* call(plus, [rows, steps]);

  // @ts-expect-error -- the result of a call is that of the function
  const text: string = yield* call(plus, [1, 2]);

  // @ts-expect-error -- each argument has the type that the function names
  yield* call(plus, [1, 'two']);

  // @ts-expect-error -- all arguments are given
  yield* call(plus, [1]);

  // @ts-expect-error -- only functions are called
  yield* call('plus', [1, 2]);

  // @ts-expect-error -- a request has a type
  yield* perform<number>({ to: 'worker1' });

  // @ts-expect-error -- what is yielded is a request
  yield 5;

  if (sum > 3) return yield* checkpoint(steps + 1);
  return text;
}

/** A helper of another layer: it makes a request and gives its answer the type of the function's result. */
export function* remotely<Fn extends (...args: never[]) => unknown>(
  fn: Fn,
  args: Parameters<Fn>,
): Program<ResultOf<Fn>> {
  return yield* perform<ResultOf<Fn>>({ type: 'rpc.sync', fn: fn.name, args });
}

export function* usesHelper(): Program<number> {
  const { rows } = yield* remotely(matmul, [{ rows: 1 }, { rows: 1 }]);
  return rows + (yield* remotely(plus, [1, 2]));
}

registry.toCall('plus', [1, 2]);
registry.toCall('train', [3]);

// @ts-expect-error -- no function has this name
registry.toCall('minus', [1, 2]);

// @ts-expect-error -- arguments are those of the function
registry.toCall('plus', ['1', 2]);

interface AddRequest extends Request {
  readonly type: 'tensor.add';
  readonly by: number;
}

export const table: LocalTable<{ readonly count: number }> = {
  'tensor.add': ({ count }, { by }: AddRequest) => ({ frame: { count: count + by }, answer: by }),
  // @ts-expect-error -- a handler gives the frame back
  'tensor.sub': (frame) => ({ answer: frame.count }),
};
