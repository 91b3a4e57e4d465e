/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of TorchScript functions (group W of the inventory), as functions that travel as scripts. */
import { expect, test } from 'vitest';

import { globals, profiler, rpc, torch, valueError } from '../../actors/index.ts';
import type { Future, RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { ones, raised, raisedBy } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

const oneArg = rpc.script(function* oneArg(tensor: Tensor): Program<Tensor> {
  return yield* torch.add(tensor, 1);
});

const raiseScript = rpc.script(function raiseScript(): never {
  throw valueError('Expected error');
});

function* plusOne(future: Future<Tensor>): Program<Tensor> {
  return yield* torch.add(yield* future.wait(), 1);
}

const asyncAdd = rpc.script(
  rpc.asyncExecution(function* asyncAdd(to: string, tensor: Tensor): Program<Future<Tensor>> {
    return yield* rpc.async(to, oneArg, [tensor]);
  }),
);

const wrongAsync = rpc.script(
  rpc.asyncExecution(function* wrongAsync(): Program<Tensor> {
    return yield* ones();
  }),
);

const functions = { asyncAdd, oneArg, plusOne, raiseScript, wrongAsync };

test('JitRpcTest.test_torchscript_function: a script is called in all ways', () => {
  const { run } = distInit(function* body(rank) {
    const to = nextOf(rank);
    expect(yield* rpc.sync(to, oneArg, [yield* ones()])).toMatchObject({ data: [2, 2] });
    for (const owner of [to, `worker${rank}`]) {
      const rref = yield* rpc.remote(owner, oneArg, [yield* ones()]);
      expect(yield* rref.toHere()).toMatchObject({ data: [2, 2] });
    }
  }, functions);
  const types = run.steps.map(({ choice }) => choice?.type === 'deliver' && choice.event.type);
  expect(types).toContain('SCRIPT_RREF_FETCH_CALL');
  expect(types).not.toContain('PYTHON_CALL');
});

test('JitRpcTest.test_remote_script_throw: to_here raises the error of the script', () => {
  distInit(function* body(rank) {
    const rref = yield* rpc.remote(nextOf(rank), raiseScript, []);
    expect((yield* raised(rref.toHere()))?.[1]).toMatch(/.*Expected error.*/);
  }, functions);
});

test('JitRpcTest.test_async_script_throw: waiting raises the error of the script', () => {
  distInit(function* body(rank) {
    const future = yield* rpc.async(nextOf(rank), raiseScript, []);
    expect((yield* raisedBy(future))?.[1]).toMatch(/.*Expected error.*/);
  }, functions);
});

test('JitRpcOpTest.test_call_script_function_that_raises_remotely_from_script: so does a script', () => {
  const caller = rpc.script(function* caller(to: string): Program<unknown> {
    return yield* (yield* rpc.async(to, raiseScript, [])).wait();
  });
  distInit(
    function* body(rank) {
      const error = yield* raised(rpc.sync(nextOf(rank), caller, [nextOf(rank + 1)]));
      expect(error).toEqual(['RuntimeError', expect.stringContaining('Expected error')]);
    },
    { ...functions, caller },
  );
});

test('JitRpcTest.test_remote_script_udf: a script that waits within, by remote', () => {
  distInit(function* body(rank) {
    const rref = yield* rpc.remote(nextOf(rank), asyncAdd, [nextOf(rank), yield* ones()]);
    expect(yield* rref.toHere()).toMatchObject({ data: [2, 2] });
  }, functions);
});

test('JitRpcTest.test_async_script_udf: a script that waits within, without waiting for it', () => {
  distInit(function* body(rank) {
    const future = yield* rpc.async(nextOf(rank), asyncAdd, [nextOf(rank), yield* ones()]);
    expect(yield* future.wait()).toMatchObject({ data: [2, 2] });
  }, functions);
});

test('JitRpcTest.test_callback_simple: a callback on the future of a script', () => {
  distInit(function* body(rank) {
    const future = yield* rpc.async(nextOf(rank), oneArg, [yield* ones()]);
    expect(yield* (yield* future.then(plusOne)).wait()).toMatchObject({ data: [3, 3] });
  }, functions);
});

test('JitRpcTest.test_callback_chain: twenty callbacks one after the other', () => {
  distInit(
    function* body(rank) {
      let future: Future<Tensor> = yield* rpc.async(nextOf(rank), oneArg, [yield* ones()]);
      for (let nr = 0; nr < 20; nr += 1) future = yield* future.then(plusOne);
      expect(yield* future.wait()).toMatchObject({ data: [22, 22] });
    },
    functions,
    { schedules: 1 },
  );
});

test('JitRpcTest.test_add_done_callback: a done callback on the future of a script', () => {
  function* mark(future: Future<Tensor>): Program<void> {
    yield* globals.set('seen', (yield* future.wait()).data);
  }
  distInit(
    function* body(rank) {
      const future = yield* rpc.async(nextOf(rank), oneArg, [yield* ones()]);
      yield* future.addDoneCallback(mark);
      yield* (yield* future.then(plusOne)).wait();
      expect(yield* globals.get('seen')).toEqual([2, 2]);
    },
    { ...functions, mark },
  );
});

test('JitRpcTest.test_callback_with_exception: a callback raises another error', () => {
  function* replace(future: Future<unknown>): Program<never> {
    expect((yield* raisedBy(future))?.[1]).toContain('Expected error');
    throw valueError('Another expected error');
  }
  distInit(
    function* body(rank) {
      const future = yield* rpc.async(nextOf(rank), raiseScript, []);
      expect((yield* raisedBy(yield* future.then(replace)))?.[1]).toContain(
        'Another expected error',
      );
    },
    { ...functions, replace },
  );
});

test('JitRpcTest.test_async_function_simple: an asynchronous script is answered by its future', () => {
  distInit(function* body(rank) {
    const sum = yield* rpc.sync(nextOf(rank), asyncAdd, [nextOf(rank + 1), yield* ones()]);
    expect(sum).toMatchObject({ data: [2, 2] });
  }, functions);
});

const wrongText = 'Async functions must return an IValue of Future type, but got Tensor';

test('JitRpcTest.test_async_function_wrong_return_type: one that gives no future says so', () => {
  distInit(function* body(rank) {
    expect(yield* raised(rpc.sync(nextOf(rank), wrongAsync, []))).toEqual([
      'RuntimeError',
      wrongText,
    ]);
  }, functions);
});

test('JitRpcTest.test_async_function_wrong_return_type_remote: also at to_here', () => {
  distInit(function* body(rank) {
    const rref = yield* rpc.remote(nextOf(rank), wrongAsync, []);
    expect(yield* raised(rref.toHere())).toEqual(['RuntimeError', wrongText]);
  }, functions);
});

test('JitRpcTest.test_async_function_remote: an asynchronous script by remote', () => {
  distInit(function* body(rank) {
    const rref = yield* rpc.remote(nextOf(rank), asyncAdd, [nextOf(rank + 1), yield* ones()]);
    expect(yield* rref.toHere()).toMatchObject({ data: [2, 2] });
  }, functions);
});

test('JitRpcTest.test_async_function_remote_multi: twenty of them', () => {
  distInit(
    function* body(rank) {
      const rrefs: RRef<unknown>[] = [];
      for (let nr = 0; nr < 20; nr += 1) {
        rrefs.push(yield* rpc.remote(nextOf(rank), asyncAdd, [nextOf(rank + 1), yield* ones()]));
      }
      for (const rref of rrefs) expect(yield* rref.toHere()).toMatchObject({ data: [2, 2] });
    },
    functions,
    { ranks: [0], schedules: 0 },
  );
});

test('JitRpcTest.test_rpc_async_jit_profiled: a call that a script makes is recorded as async_jit', () => {
  const callingScript = rpc.script(function* callingScript(to: string): Program<unknown> {
    return yield* (yield* rpc.async(to, oneArg, [yield* ones()])).wait();
  });
  function* caller(to: string) {
    const { events } = yield* profiler.profile(() => rpc.sync('worker0', callingScript, [to]));
    return events.map(({ name, nodeId }) => [name, nodeId]);
  }
  distInit(
    function* body() {
      const outer = 'rpc_sync#__torch__.callingScript(worker0 -> worker0)';
      const inner = 'rpc_async_jit#__torch__.oneArg(worker0 -> worker1)';
      expect(yield* caller('worker1')).toEqual([
        [outer, 0],
        [`${outer}#remote_op: ${inner}`, 0],
        [`${outer}#remote_op: ${inner}#remote_op: aten::add`, 1],
      ]);
    },
    { ...functions, callingScript, caller },
    { ranks: [0] },
  );
});
