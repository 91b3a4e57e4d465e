/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of errors of calls (group C of the inventory). */
import { expect, test } from 'vitest';

import { pythonError, rpc, torch, typeError, valueError } from '../../actors/index.ts';
import type { Future } from '../../actors/index.ts';
import type { Program } from '../../src/index.ts';
import { myAdd, ones, raiseValue, raised } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

test('RpcTest.test_future_wait_twice: a failed call raises each time it is waited for', () => {
  distInit(
    function* body(rank) {
      const futures: Future<unknown>[] = [];
      for (let nr = 0; nr < 8; nr += 1) {
        futures.push(yield* rpc.async(nextOf(rank), raiseValue, []));
      }
      expect(yield* raised(rpc.waitAll(futures))).toEqual([
        'ValueError',
        expect.stringContaining('Expected error'),
      ]);
      for (const future of futures) {
        expect((yield* raised(future.wait()))?.[1]).toContain('Expected error');
      }
    },
    { raiseValue },
  );
});

test('RpcTest.test_py_raise_in_user_func: a ValueError arrives as one, with its text', () => {
  distInit(
    function* body(rank) {
      const future = yield* rpc.async(nextOf(rank), raiseValue, []);
      expect(yield* raised(future.wait())).toEqual([
        'ValueError',
        expect.stringContaining(
          `On WorkerInfo(id=${(rank + 1) % 4}, name=${nextOf(rank)}):\nValueError`,
        ),
      ]);
    },
    { raiseValue },
  );
});

test('RpcTest.test_py_raise_in_user_func_escaped_str: the text is unescaped once', () => {
  function raiseEscaped(): never {
    throw valueError('\\u0041\\n\\nB');
  }
  distInit(
    function* body(rank) {
      const error = yield* raised(rpc.sync(nextOf(rank), raiseEscaped, []));
      expect(error?.[1]).toContain('ValueError: A\n\nB');
    },
    { raiseEscaped },
  );
});

test('RpcTest.test_remote_with_exception: to_here raises the classes that the functions raised', () => {
  function raiseType(): never {
    throw typeError('Expected error');
  }
  distInit(
    function* body(rank) {
      const remote = yield* rpc.remote(nextOf(rank), raiseValue, []);
      expect((yield* raised(remote.toHere()))?.[0]).toBe('ValueError');
      const own = yield* rpc.remote(`worker${rank}`, raiseType, []);
      expect((yield* raised(own.toHere()))?.[0]).toBe('TypeError');
    },
    { raiseType, raiseValue },
  );
});

test('RpcTest.test_remote_throw: to_here raises what the function raised', () => {
  function raiseOrInc(): Program<never> {
    throw valueError('Expected error');
  }
  distInit(
    function* body(rank) {
      const rref = yield* rpc.remote(nextOf(rank), raiseOrInc, []);
      expect((yield* raised(rref.toHere()))?.[1]).toMatch(/.*Expected error.*/);
    },
    { raiseOrInc },
  );
});

test('TensorPipeAgentRpcTest.test_op_with_invalid_args: no schema fits, and nothing is sent', () => {
  const { run } = distInit(function* body(rank) {
    // cast -- what a test does on purpose
    const bad = torch.add as unknown as () => Program<never>;
    expect(yield* raised(rpc.sync(nextOf(rank), bad, []))).toEqual([
      'RuntimeError',
      'Overloaded torch operator invoked from Python failed to match any schema',
    ]);
  }, {});
  const delivered = run.steps.map(({ choice }) => choice?.type === 'deliver' && choice.event.type);
  expect(delivered).not.toContain('SCRIPT_CALL');
});

test('an error of any other class becomes a RuntimeError that names it, nested or not', () => {
  function raiseKey(): never {
    throw pythonError('KeyError', 'k');
  }
  function* relay(to: string): Program<unknown> {
    return yield* rpc.sync(to, raiseKey, []);
  }
  distInit(
    function* body(rank) {
      const error = yield* raised(rpc.sync(nextOf(rank), relay, [nextOf(rank + 1)]));
      expect(error?.[0]).toBe('RuntimeError');
      expect(error?.[1]).toMatch(/^RuntimeError: On WorkerInfo.*KeyError: 'On WorkerInfo/s);
      expect(yield* rpc.sync(nextOf(rank), myAdd, [yield* ones(), 1])).toMatchObject({
        data: [2, 2],
      });
    },
    { myAdd, raiseKey, relay },
  );
});

test('RpcTest.test_function_not_on_callee: a function that the callee lacks raises there', () => {
  const fooAdd = (): number => 1;
  distInit(
    function* body() {
      expect(yield* raised(rpc.sync('worker1', fooAdd, []))).toEqual([
        'RuntimeError',
        expect.stringContaining('RPC pickler does not serialize'),
      ]);
    },
    { fooAdd },
    { missing: { worker1: ['fooAdd'] }, ranks: [0] },
  );
});

test('JitRpcOpTest.test_call_script_function_that_not_exists_remotely_from_script: none is found', () => {
  const noScript = rpc.script((): number => 1);
  const text = ['RuntimeError', 'attempted to get undefined function noScript'];
  const { values } = distInit(
    function* body(rank) {
      if (rank === 0) expect(yield* raised(rpc.sync('worker1', noScript, []))).toEqual(text);
      if (rank === 1) expect(yield* raised(rpc.sync('worker0', noScript, []))).toEqual(text);
    },
    { noScript },
    { missing: { worker1: ['noScript'] } },
  );
  expect(values).toHaveLength(4);
});
