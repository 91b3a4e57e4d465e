/** PyTorch's tests of its own fault injection (group Q of the inventory). */
import { describe, expect, test } from 'vitest';

import { rpc, torch } from '../../actors/index.ts';
import type { FaultyBackendOptions, RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { faultyTensorPipe } from '../../machines/rpc/agent/backend.ts';
import type { Program, UserFunction } from '../../src/index.ts';
import { debugInfo, myAdd, ones, raised, untilFlushed, untilOwnersAndForks } from './bodies.ts';
import type { Body, FixtureOptions } from './fixture.ts';
import { distInit, nextOf } from './fixture.ts';

const retryable = [
  'RREF_FORK_REQUEST',
  'RREF_CHILD_ACCEPT',
  'RREF_USER_DELETE',
  'CLEANUP_AUTOGRAD_CONTEXT_REQ',
];

const usual: FaultyBackendOptions = {
  messagesToDelay: { PYTHON_CALL: 1.5, SCRIPT_CALL: 1.5 },
  messagesToFail: retryable,
  numFailSends: 3,
};

const scriptAdd = rpc.script(function* scriptAdd(left: Tensor, right: number): Program<Tensor> {
  return yield* torch.add(left, right);
});

const scriptTake = rpc.script(take);

const functions = { debugInfo, myAdd, readFrom, scriptAdd, scriptTake, take };

function* readFrom(rref: RRef<Tensor>): Program<Tensor> {
  return yield* rref.toHere();
}

function take(_value: unknown): void {
  // What it is given is all that matters.
}

/** PyTorch's fixture of the faulty agent. */
function faulty(body: Body, backend: FaultyBackendOptions = {}, options: FixtureOptions = {}) {
  return distInit(body, functions, {
    poolSize: 8,
    ranks: [0],
    schedules: 1,
    ...options,
    backend: { ...usual, ...backend },
  });
}

test('FaultyAgentRpcTest.test_check_failed_messages: control messages come through after three failures', () => {
  const { run } = faulty(
    function* body() {
      const rref = yield* rpc.remote('worker1', torch.add, [yield* ones(), yield* ones()]);
      const copy = yield* rpc.remote('worker2', readFrom, [rref]);
      expect(yield* copy.toHere()).toMatchObject({ data: [2, 2] });
    },
    { messagesToDelay: {} },
  );
  const timers = run.steps.filter(
    ({ choice }) => choice?.type === 'fire' && choice.event.type === 'retry.due',
  );
  expect(timers.length).toBeGreaterThanOrEqual(12);
});

test('FaultyAgentRpcTest.test_custom_faulty_messages: the list of what fails can be another', () => {
  const { workers } = faulty(() => undefined, {
    messagesToFail: ['RREF_FORK_REQUEST', 'RREF_CHILD_ACCEPT'],
  });
  expect(workers[0]?.agent.backend.fails).toEqual({
    RREF_CHILD_ACCEPT: true,
    RREF_FORK_REQUEST: true,
  });
});

test('FaultyAgentRpcTest.test_no_faulty_messages: nothing fails where the list is empty', () => {
  const { workers } = faulty(() => undefined, { messagesToFail: [] });
  expect(workers[0]?.agent.backend.fails).toEqual({});
});

test('FaultyAgentRpcTest.test_custom_messages_to_delay: the list of what is late can be another', () => {
  const { workers } = faulty(() => undefined, { messagesToDelay: { SCRIPT_CALL: 2 } });
  expect(workers[0]?.agent.backend.delaysMs).toEqual({ SCRIPT_CALL: 2_000 });
});

test('FaultyAgentDistAutogradTest.test_verify_backend_options: the options are those of the fixture', () => {
  const { workers } = faulty(() => undefined);
  const { backend } = workers[0]?.agent ?? {};
  expect(Object.keys(backend?.fails ?? {}).toSorted()).toEqual(retryable.toSorted());
  expect(backend).toMatchObject({
    delaysMs: { PYTHON_CALL: 1_500, SCRIPT_CALL: 1_500 },
    numFailSends: 3,
  });
  expect(workers[0]?.pool.size).toBe(8);
});

test('the options are refused where they name no message, or a delay below 0', () => {
  expect(() => faultyTensorPipe({ messagesToFail: ['PYTHON_RET'] })).toThrow(
    'No mapping to rpc::MessageType exists for PYTHON_RET',
  );
  expect(() => faultyTensorPipe({ messagesToDelay: { PYTHON_CALL: -1 } })).toThrow(
    'Delays passed to FaultyTensorPipeAgent must be non-negative.',
  );
});

describe('a remote call that is lost', () => {
  const dropped: FaultyBackendOptions = {
    messagesToDelay: {},
    messagesToFail: ['PYTHON_REMOTE_CALL', 'SCRIPT_REMOTE_CALL'],
  };
  // A lost call to oneself leaves its object behind, as in PyTorch.
  test.each<[string, string, UserFunction]>([
    ['FaultyAgentRpcTest.test_builtin_remote_message_dropped_timeout', 'worker1', torch.add],
    [
      'FaultyAgentRpcTest.test_builtin_remote_message_dropped_timeout_to_self',
      'worker0',
      torch.add,
    ],
    ['FaultyAgentRpcTest.test_udf_remote_message_dropped_timeout', 'worker1', myAdd],
    ['FaultyAgentRpcTest.test_udf_remote_message_dropped_timeout_to_self', 'worker0', myAdd],
    ['JitFaultyAgentRpcTest.test_remote_timeout_to_here_in_jit', 'worker1', scriptAdd],
  ])('%s: fails to_here (%s)', (_, to, fn) => {
    faulty(function* body() {
      // cast -- the functions of the table take a tensor and a number
      const args = [yield* ones(), 1] as never;
      const rref = yield* rpc.remote(to, fn, args);
      yield* untilFlushed();
      expect(yield* raised(rref.toHere())).toEqual([
        'RuntimeError',
        'RRef creation via rpc.remote() timed out, and it is possible that the RRef on the owner ' +
          'node does not exist.',
      ]);
    }, dropped);
  });

  test.each<[string, string]>([
    ['FaultyAgentRpcTest.test_remote_message_dropped_pickle', 'worker1'],
    ['FaultyAgentRpcTest.test_remote_message_dropped_pickle_to_self', 'worker0'],
    ['JitFaultyAgentRpcTest.test_rref_timeout_pickle_in_jit', 'worker1'],
    ['JitFaultyAgentRpcTest.test_rref_timeout_pickle_script_func', 'worker1'],
  ])('%s: fails to be passed on (%s)', (_, to) => {
    faulty(function* body() {
      const rref = yield* rpc.remote(to, myAdd, [yield* ones(), 1]);
      yield* untilFlushed();
      for (const fn of [take, scriptTake]) {
        expect((yield* raised(rpc.async('worker2', fn, [rref])))?.[1]).toContain('RRef creation');
      }
    }, dropped);
  });
});

describe('a remote call that is late', () => {
  const late: FaultyBackendOptions = {
    messagesToDelay: {
      PYTHON_REMOTE_CALL: 2,
      PYTHON_RREF_FETCH_CALL: 1,
      SCRIPT_REMOTE_CALL: 2,
      SCRIPT_RREF_FETCH_CALL: 1,
    },
    messagesToFail: [],
  };

  test.each<[string, string, UserFunction]>([
    ['FaultyAgentRpcTest.test_udf_remote_message_delay_timeout_to_self', 'worker0', myAdd],
    ['FaultyAgentRpcTest.test_remote_message_builtin_delay_timeout_to_self', 'worker0', torch.add],
    ['FaultyAgentRpcTest.test_remote_message_script_delay_timeout_to_self', 'worker0', scriptAdd],
    ['FaultyAgentRpcTest.test_udf_remote_message_delay_timeout', 'worker1', myAdd],
    ['FaultyAgentRpcTest.test_remote_message_builtin_delay_timeout', 'worker1', torch.add],
    ['FaultyAgentRpcTest.test_remote_message_script_delay_timeout', 'worker1', scriptAdd],
  ])('%s: fails its future and to_here (%s)', (_, to, fn) => {
    faulty(function* body() {
      // cast -- the functions of the table take a tensor and a number
      const args = [yield* ones(), 1] as never;
      const rref = yield* rpc.remote(to, fn, args, { timeout: 0.001 });
      expect((yield* raised((yield* rref.getFuture()).wait()))?.[1]).toContain(
        'RPC ran for more than',
      );
      yield* untilFlushed();
      expect((yield* raised(rref.toHere()))?.[1]).toContain('RRef creation');
      if (to === 'worker0') return;
      yield* untilOwnersAndForks(1, 1, 1);
      const other = yield* rpc.remote(to, fn, args);
      expect((yield* raised(other.toHere({ timeout: 0.001 })))?.[1]).toContain(
        'RPC ran for more than',
      );
      yield* untilOwnersAndForks(2, 2, 1);
    }, late);
  });
});

describe('a fetch that is late', () => {
  const late: FaultyBackendOptions = {
    messagesToDelay: { PYTHON_RREF_FETCH_CALL: 1, SCRIPT_RREF_FETCH_CALL: 1 },
    messagesToFail: [],
  };

  test.each<[string, UserFunction]>([
    ['FaultyAgentRpcTest.test_rref_to_here_timeout', torch.add],
    ['JitFaultyAgentRpcTest.test_rref_to_here_timeout_in_jit', scriptAdd],
  ])('%s: times out, and comes with more time', (_, fn) => {
    faulty(function* body() {
      // cast -- the functions of the table take a tensor and a number
      const args = [yield* ones(), 1] as never;
      const rref = yield* rpc.remote('worker1', fn, args);
      expect((yield* raised(rref.toHere({ timeout: 0.01 })))?.[1]).toContain(
        'RPC ran for more than',
      );
      expect(yield* rref.toHere()).toMatchObject({ data: [2, 2] });
      expect(yield* rref.toHere({ timeout: 100 })).toMatchObject({ data: [2, 2] });
    }, late);
  });
});

describe('a call that is late', () => {
  test.each<[string, UserFunction]>([
    ['FaultyAgentRpcTest.test_rpc_builtin_timeout', torch.add],
    ['FaultyAgentRpcTest.test_rpc_script_timeout', scriptAdd],
    ['JitFaultyAgentRpcTest.test_timeout_in_torchscript_function', scriptAdd],
    ['JitFaultyAgentRpcTest.test_timeout_in_python', scriptAdd],
  ])('%s: times out by its own time-out, or by the default', (_, fn) => {
    faulty(function* body(rank) {
      const to = nextOf(rank);
      // cast -- the functions of the table take a tensor and a number
      const args = [yield* ones(), 1] as never;
      const text = 'RPC ran for more than';
      expect((yield* raised(rpc.sync(to, fn, args, { timeout: 1 })))?.[1]).toContain(text);
      const future = yield* rpc.async(to, fn, args, { timeout: 1 });
      expect((yield* raised(future.wait()))?.[1]).toContain(text);
      expect(yield* rpc.sync(to, fn, args)).toMatchObject({ data: [2, 2] });
      yield* rpc.setRpcTimeout(0.001);
      expect((yield* raised(rpc.sync(to, fn, args)))?.[1]).toContain(text);
      yield* rpc.setRpcTimeout(60);
      expect(yield* rpc.sync(to, fn, args, { timeout: 0 })).toMatchObject({ data: [2, 2] });
    });
  });
});
