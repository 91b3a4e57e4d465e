/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** Errors of the interpreter and of the framework, the interpreter's lock, and what callbacks leave behind. */
import { describe, expect, test } from 'vitest';

import { rpc, undecodable, unpicklable, valueError } from '../../actors/index.ts';
import type { ClusterOptions, Profile, RRef } from '../../actors/index.ts';
import { deliverAfter, ms, seconds, sizeOf } from '../../src/index.ts';
import type { NetworkRule, Program } from '../../src/index.ts';
import { expectQuiet, play, returned, systemWith } from './play.ts';
import { caught } from './user-code.ts';

const take = (value: unknown): unknown => value;
const poison = undecodable(valueError('rotten'));

function announcements(run: ReturnType<typeof play>['run']): readonly string[] {
  return run.steps.flatMap(({ happened }) =>
    happened.flatMap((each) => (each.type === 'emitted' ? [each.event.type] : [])),
  );
}

describe('an argument', () => {
  test('that cannot be pickled raises where the call is made, in its own class', () => {
    function* main() {
      return yield* caught(rpc.sync('worker1', take, [unpicklable(valueError('no'))]));
    }
    expect(returned(systemWith({ main, take }))).toBe('ValueError: no');
  });

  test('that cannot be unpickled is answered with the error of the node, and none stays set', () => {
    function* main() {
      const first = yield* caught(rpc.sync('worker1', take, [poison]));
      return [first, yield* caught(rpc.sync('worker1', take, [1]))];
    }
    const { outcome, views, workers } = play(systemWith({ main, take }));
    expect(outcome).toEqual({
      type: 'returned',
      value: ['RuntimeError: Error on Node 1: ValueError: rotten', 'no error but 1'],
    });
    expectQuiet(views);
    expect(workers[1]?.interpreter).toEqual({ waiting: [] });
  });

  test('of a remote call that cannot be unpickled leaves the creator with a call for ever', () => {
    function* main() {
      const rref = yield* rpc.remote('worker1', take, [poison]);
      yield* rpc.sleep(1);
      return yield* caught(rref.toHere({ timeout: 1 }));
    }
    const { run, views } = play(systemWith({ main, take }));
    expect(announcements(run)).toContain('callback.threw');
    expect(views[0]?.debugInfo).toMatchObject({
      'agent.client_active_calls': '1',
      num_pending_users: '1',
    });
    const hardened = play(systemWith({ main, take }, { profile: 'hardened' }));
    expect(announcements(hardened.run)).not.toContain('callback.threw');
    expect(hardened.outcome).toMatchObject({ value: expect.stringContaining('RRef creation') });
    expectQuiet(hardened.views);
  });
});

test('what Python does not take for an exception comes as bare text', () => {
  function stop(): never {
    throw Object.assign(new Error('enough'), { name: 'KeyboardInterrupt' });
  }
  function* main() {
    return yield* caught(rpc.sync('worker1', stop, []));
  }
  expect(returned(systemWith({ main, stop }))).toBe('RuntimeError: enough');
});

describe('the lock of the interpreter', () => {
  function* forth(): Program<number> {
    return yield* rpc.sync('worker0', seven, []);
  }
  const seven = (): number => 7;
  function* main() {
    return yield* rpc.sync('worker1', forth, []);
  }
  const functions = { forth, main, seven };

  test('is free while a thread waits', () => {
    expect(returned(systemWith(functions))).toBe(7);
  });

  test('held while a thread waits keeps out whoever calls back, until time is over', () => {
    const switches = { 'lock.gilHeldWhileWaiting': true };
    const { outcome } = play(systemWith(functions, { rpcTimeout: ms(500), switches }));
    expect(outcome).toMatchObject({
      error: { message: expect.stringContaining('RPC ran for more than') },
    });
    const endless = play(systemWith(functions, { rpcTimeout: ms(0), switches }));
    expect(endless.outcome).toMatchObject({ type: 'running' });
    expect(endless.workers[0]?.interpreter.holder).toBe('main');
  });
});

function* slow(): Program<number> {
  yield* rpc.sleep(2);
  return 1;
}
const quick = (): number => 0;

describe('a historic bug of the agent', () => {
  function* main() {
    const first = yield* rpc.async('worker1', slow, [], { timeout: 1 });
    return yield* caught(first.wait());
  }
  const outcomeWith = (options: Partial<ClusterOptions>) =>
    play(systemWith({ main, slow }, options));

  test('agent.noCompleteOnce: a late answer completes the call once more', () => {
    const { views } = outcomeWith({ switches: { 'agent.noCompleteOnce': true } });
    expect(views[0]?.debugInfo['agent.client_active_calls']).toBe('-1');
    expect(outcomeWith({}).views[0]?.debugInfo['agent.client_active_calls']).toBe('0');
  });

  test('agent.keepsTimedOutCalls: a call that nobody will answer stays in the table for ever', () => {
    const plan = [{ after: ms(500), fault: { node: 'worker1' as never, type: 'crash' } }] as const;
    const callsLeft = (options: Partial<ClusterOptions>): number | undefined => {
      const { outcome, workers } = outcomeWith({ plan, ...options });
      expect(outcome).toMatchObject({ value: expect.stringContaining('RPCErr:1:') });
      return workers[0] && sizeOf(workers[0].agent.calls);
    };
    expect(callsLeft({})).toBe(1);
    expect(callsLeft({ profile: 'hardened' })).toBe(0);
    expect(callsLeft({ switches: { 'agent.keepsTimedOutCalls': false } })).toBe(0);
  });

  test('agent.decrementFirst: a call counts no more while its callbacks run', () => {
    function* count(): Program<string> {
      return (yield* rpc.getDebugInfo())['agent.client_active_calls'];
    }
    function* counting() {
      const future = yield* rpc.async('worker1', quick, []);
      return yield* (yield* future.then(count)).wait();
    }
    const functions = { count, main: counting, quick };
    expect(returned(systemWith(functions))).toBe('1');
    const switches = { 'agent.decrementFirst': true };
    expect(returned(systemWith(functions, { switches }))).toBe('0');
  });

  test('agent.watchdogDead: no call ever times out', () => {
    const { outcome } = outcomeWith({ switches: { 'agent.watchdogDead': true } });
    expect(outcome).toMatchObject({ value: 'no error but 1' });
  });

  test('agent.timerByCaptureId: an answer cancels the time-out of the call after it', () => {
    function* two() {
      const first = yield* rpc.async('worker1', quick, [], { timeout: 1 });
      const second = yield* rpc.async('worker1', slow, [], { timeout: 1 });
      yield* first.wait();
      return yield* caught(second.wait());
    }
    const run = (options: Partial<ClusterOptions>) =>
      play(systemWith({ main: two, quick, slow }, options)).outcome;
    expect(run({})).toMatchObject({ value: expect.stringContaining('RPC ran for more than') });
    expect(run({ switches: { 'agent.timerByCaptureId': true } })).toMatchObject({
      value: 'no error but 1',
    });
  });
});

test('a message that is sent again after a time-out is empty, unless it was copied', () => {
  function* read(rref: RRef<number>): Program<number> {
    return yield* rref.toHere();
  }
  function* main() {
    const rref = yield* rpc.remote('worker1', quick, []);
    return yield* caught(rpc.sync('worker2', read, [rref], { timeout: 20 }));
  }
  // The first answer to the fork request is late; nothing is lost.
  const late: NetworkRule = ({ event, to }) =>
    event.type === 'RREF_ACK' && event['id'] === 0 && to === 'worker2'
      ? deliverAfter(seconds(2))
      : undefined;
  const run = (profile: Profile) => {
    const options = { network: { rules: [late] }, profile, rpcTimeout: ms(500), workers: 3 };
    return play(systemWith({ main, quick, read }, options)).outcome;
  };
  expect(run('hardened')).toMatchObject({ value: 'no error but 0' });
  expect(run('pytorch-2.6')).toMatchObject({ value: expect.stringContaining('RPC ran for more') });
});
