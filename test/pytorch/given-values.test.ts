/** Ids, time-outs and spans that are none, as PyTorch 1.13 and Python 3.11 were seen to take them. */
import { expect, test } from 'vitest';

import { distAutograd, pythonError, rpc } from '../../actors/index.ts';
import type { ContextId } from '../../actors/index.ts';
import type { Program } from '../../src/index.ts';
import { raised } from './bodies.ts';
import { distInit } from './fixture.ts';

const one = (): number => 1;

function fail(name: string, message: string): never {
  throw pythonError(name, message);
}

/** What has no types may give anything. */
function untyped(value: unknown): number {
  return value as number;
}

function onFirst(body: () => Program<void>): void {
  distInit(body, { fail, one }, { ranks: [0], schedules: 0, workers: 2 });
}

const udf =
  '_invoke_rpc_python_udf(): incompatible function arguments. The following argument types are supported:\n' +
  '    1. (arg0: torch._C._distributed_rpc.WorkerInfo, arg1: str, arg2: List[at::Tensor], arg3: float, ' +
  'arg4: bool) -> torch.Future\n\nInvoked with: ';
const toHere =
  'to_here(): incompatible function arguments. The following argument types are supported:\n' +
  '    1. (self: torch._C._distributed_rpc.PyRRef, timeout: float = -1.0) -> object\n\nInvoked with: ';

test.each([
  ['x', `'x'`],
  [JSON.parse('null'), 'None'],
  [[1], '[1]'],
])('a time-out of %j is a TypeError of the call, and nothing is sent', (given, shown) => {
  const error = (text: string) => ['TypeError', `${text}timeout=${shown}`];
  onFirst(function* body() {
    const timeout = untyped(given);
    expect(yield* raised(rpc.sync('worker1', one, [], { timeout }))).toEqual(error(udf));
    expect(yield* raised(rpc.async('worker1', one, [], { timeout }))).toEqual(error(udf));
    const made = yield* raised(rpc.remote('worker1', one, [], { timeout }));
    expect(made?.[1]).toMatch(/^_invoke_remote_python_udf\(\): incompatible.*\n.*PyRRef\n\n/);
    const rref = yield* rpc.remote('worker1', one, []);
    expect(yield* raised(rref.toHere({ timeout }))).toEqual(error(toHere));
    expect(yield* raised(rref.getType({ timeout }))).toEqual([
      'TypeError',
      expect.stringContaining('_get_type(): incompatible function arguments'),
    ]);
    expect(() => rref.rpcSync({ timeout })).toThrow('rpc_sync(): incompatible function arguments');
    expect(yield* raised(rpc.setRpcTimeout(timeout))).toEqual([
      'TypeError',
      expect.stringMatching(
        /^_set_rpc_timeout\(\): .*\n.*\(arg0: float\) -> None\n\nInvoked with: /,
      ),
    ]);
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e9])(
  'a time-out of %f seconds is no int of milliseconds, and over at once',
  (timeout) => {
    onFirst(function* body() {
      expect(yield* raised(rpc.sync('worker1', one, [], { timeout }))).toEqual([
        'RuntimeError',
        'RPCErr:1:RPC ran for more than set timeout (-2147483648 ms) and will now be marked with an error',
      ]);
    });
  },
);

test('True is a second', () => {
  onFirst(function* body() {
    expect(yield* rpc.sync('worker1', one, [], { timeout: untyped(true) })).toBe(1);
  });
});

test.each([
  [Number.NaN, 'ValueError', 'Invalid value NaN (not a number)'],
  [-1, 'ValueError', 'sleep length must be non-negative'],
  [Number.POSITIVE_INFINITY, 'OverflowError', 'timestamp too large to convert to C _PyTime_t'],
  ['x', 'TypeError', `'str' object cannot be interpreted as an integer`],
  [undefined, 'TypeError', `'NoneType' object cannot be interpreted as an integer`],
])('nobody sleeps for %s seconds', (length, name, message) => {
  onFirst(function* body() {
    expect(yield* raised(rpc.sleep(untyped(length)))).toEqual([name, message]);
  });
});

test('a KeyError is quoted where Python writes it as text', () => {
  onFirst(function* body() {
    const [name, text] = (yield* raised(rpc.sync('worker1', fail, ['KeyError', 'k']))) ?? [];
    expect(name).toBe('RuntimeError');
    expect(text).toMatch(
      /^KeyError: 'On WorkerInfo\(id=1, name=worker1\):\\nKeyError\(\\'k\\'\)\\nTraceback .*\\nKeyError: \\'k\\'\\n'/,
    );
    const rref = yield* rpc.remote('worker1', fail, ['KeyError', 'k']);
    expect(yield* raised(rref.toHere())).toEqual([
      'KeyError',
      expect.stringMatching(/^On WorkerInfo.*\nKeyError\('k'\)\n(.|\n)*\nKeyError: 'k'\n/),
    ]);
  });
});

test.each([
  [{}, '{}'],
  [JSON.parse('null'), 'None'],
  [1.5, '1.5'],
])('a context id of %j is a TypeError, and the program goes on', (given, shown) => {
  const error = (fn: string, signature: string, more = '') => [
    'TypeError',
    `${fn}(): incompatible function arguments. The following argument types are supported:\n` +
      `    1. ${signature}\n\nInvoked with: ${shown}${more}`,
  ];
  onFirst(function* body() {
    const id = given as ContextId;
    expect(yield* raised(distAutograd.getGradients(id))).toEqual(
      error('get_gradients', '(context_id: int) -> dict'),
    );
    expect(yield* raised(distAutograd.retrieveContext(id))).toEqual(
      error(
        '_retrieve_context',
        '(arg0: int) -> torch._C._distributed_autograd.DistAutogradContext',
      ),
    );
    expect(yield* raised(distAutograd.backward(id, []))).toEqual(
      error(
        'backward',
        '(contextId: int, roots: List[at::Tensor], retain_graph: bool = False) -> None',
        ', []',
      ),
    );
  });
});
