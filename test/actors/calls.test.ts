/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
import { describe, expect, test } from 'vitest';

import { pythonError, rpc, typeError, valueError } from '../../actors/index.ts';
import type { Future } from '../../actors/index.ts';
import { deliverAfter, ms, seconds, us } from '../../src/index.ts';
import type { NetworkRule, Program } from '../../src/index.ts';
import { expectQuiet, play, returned, systemWith } from './play.ts';

const plus = (a: number, b: number): number => a + b;

function* whoAmI(): Program<string> {
  return (yield* rpc.getWorkerInfo()).name;
}

describe('a call', () => {
  test('runs on the worker that is named by name, id or both', () => {
    function* main() {
      const info = yield* rpc.getWorkerInfo('worker2');
      return [
        yield* rpc.sync('worker1', whoAmI, []),
        yield* rpc.sync(2, whoAmI, []),
        yield* rpc.sync(info, whoAmI, []),
        yield* rpc.sync('worker0', whoAmI, []),
      ];
    }
    expect(returned(systemWith({ main, whoAmI }, { workers: 3 }))).toEqual([
      'worker1',
      'worker2',
      'worker2',
      'worker0',
    ]);
  });

  test('of a worker that is not there fails where it is made', () => {
    function* main() {
      const texts: string[] = [];
      for (const to of ['worker7', 7]) {
        try {
          yield* rpc.sync(to, whoAmI, []);
        } catch (error) {
          texts.push(String(error));
        }
      }
      return texts;
    }
    expect(returned(systemWith({ main, whoAmI }))).toEqual([
      'RuntimeError: name:worker0,rank:0 could not find destination name worker7',
      'RuntimeError: name:worker0,rank:0 could not find destination id 7',
    ]);
  });

  test('goes on without its result until it is waited for, in any order', () => {
    function* main() {
      const futures: Future<number>[] = [];
      for (let nr = 0; nr < 4; nr += 1) futures.push(yield* rpc.async('worker1', plus, [nr, 1]));
      const sums: number[] = [];
      for (const future of futures.toReversed()) sums.push(yield* future.wait());
      const [first] = futures;
      if (first !== undefined) sums.push(yield* first.wait());
      return sums;
    }
    expect(returned(systemWith({ main, plus }))).toEqual([4, 3, 2, 1, 1]);
  });

  test('is served by calls of its own', () => {
    function* hop(left: number): Program<readonly string[]> {
      const { id, name } = yield* rpc.getWorkerInfo();
      if (left === 0) return [name];
      return [name, ...(yield* rpc.sync((id + 1) % 3, hop, [left - 1]))];
    }
    function* main() {
      return yield* hop(4);
    }
    expect(returned(systemWith({ hop, main }, { workers: 3 }))).toEqual([
      'worker0',
      'worker1',
      'worker2',
      'worker0',
      'worker1',
    ]);
  });

  test('that nobody waits for leaves nothing behind', () => {
    function* main() {
      yield* rpc.async('worker1', plus, [1, 2]);
      return 'done';
    }
    const { outcome, views } = play(systemWith({ main, plus }));
    expect(outcome).toEqual({ type: 'returned', value: 'done' });
    expectQuiet(views);
  });

  test('cannot take a future along', () => {
    function* main() {
      const future = yield* rpc.async('worker1', plus, [1, 2]);
      try {
        yield* rpc.sync('worker1', echo, [future]);
      } catch (error) {
        return String(error);
      }
      return 'sent';
    }
    const echo = (value: unknown): unknown => value;
    expect(returned(systemWith({ echo, main, plus }))).toBe(
      'RuntimeError: Can not pickle torch.futures.Future',
    );
  });
});

describe('an error of a remote function', () => {
  function fail(name: string): never {
    throw pythonError(name, `it's ${name}`);
  }
  function* caught(go: () => Program<unknown>): Program<readonly string[]> {
    try {
      yield* go();
    } catch (error) {
      if (error instanceof Error) return [error.name, error.message];
    }
    return [];
  }
  const text = (name: string, written = `it's ${name}`): string =>
    `On WorkerInfo(id=1, name=worker1):\n${name}("it's ${name}")\n` +
    `Traceback (most recent call last):\n${name}: ${written}\n`;
  // Python writes a KeyError out as its key, in quotes.
  const keyError = text('KeyError', `"it's KeyError"`);

  test('keeps its class in two cases; any other becomes a RuntimeError with its name', () => {
    function* main() {
      const found: (readonly string[])[] = [];
      for (const name of ['ValueError', 'TypeError', 'KeyError']) {
        found.push(yield* caught(() => rpc.sync('worker1', fail, [name])));
      }
      return found;
    }
    expect(returned(systemWith({ fail, main }))).toEqual([
      ['ValueError', `ValueError: ${text('ValueError')}`],
      ['TypeError', `TypeError: ${text('TypeError')}`],
      ['RuntimeError', `KeyError: '${keyError.replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`],
    ]);
  });

  test('keeps its class in to_here', () => {
    function* main() {
      const rref = yield* rpc.remote('worker1', fail, ['KeyError']);
      return yield* caught(() => rref.toHere());
    }
    expect(returned(systemWith({ fail, main }))).toEqual(['KeyError', keyError]);
  });

  test('names every worker that it crossed', () => {
    function* relay(hops: readonly number[]): Program<unknown> {
      const [next, ...rest] = hops;
      if (next === undefined) throw typeError('bad\nluck');
      return yield* rpc.sync(next, relay, [rest]);
    }
    function* main() {
      return yield* caught(() => rpc.sync(1, relay, [[0]]));
    }
    const [name, message] = returned(systemWith({ main, relay })) as readonly string[];
    expect(name).toBe('TypeError');
    expect(message?.split('\n').filter((line) => line.includes('WorkerInfo'))).toEqual([
      'TypeError: On WorkerInfo(id=1, name=worker1):',
      'TypeError("TypeError: On WorkerInfo(id=0, name=worker0):',
      'TypeError: TypeError: On WorkerInfo(id=0, name=worker0):',
    ]);
    expect(message).toContain('bad\nluck');
  });

  test('in the result that cannot be pickled comes as the text of a RuntimeError', () => {
    function* leak() {
      return yield* rpc.async('worker0', plus, [1, 2]);
    }
    function* main() {
      return yield* caught(() => rpc.sync('worker1', leak, []));
    }
    expect(returned(systemWith({ leak, main, plus }))).toEqual([
      'RuntimeError',
      'RuntimeError: Can not pickle torch.futures.Future',
    ]);
  });

  test('of its own class can be thrown by user code', () => {
    expect(valueError('x')).toMatchObject({ name: 'ValueError', message: 'x' });
  });
});

describe('a time-out', () => {
  const slow: NetworkRule = ({ event }) =>
    event.type === 'PYTHON_RET' ? deliverAfter(seconds(3)) : undefined;
  function* timed(timeout: number): Program<string> {
    try {
      return String(yield* rpc.sync('worker1', plus, [1, 2], { timeout }));
    } catch (error) {
      return String(error);
    }
  }
  function* main(timeout: number) {
    return yield* timed(timeout);
  }
  const textOf = (milliseconds: number): string =>
    `RuntimeError: RPCErr:1:RPC ran for more than set timeout (${milliseconds} ms) and will now be ` +
    'marked with an error';

  test.each([
    [2, textOf(2_000)],
    [4, '3'],
    [0, '3'],
    // Cut to milliseconds it is 0, which is without end.
    [0.000_5, '3'],
    [-3, textOf(-3_000)],
  ])('of %d s gives %s', (timeout, expected) => {
    const system = systemWith({ main, plus }, { args: [timeout], network: { rules: [slow] } });
    expect(returned(system)).toBe(expected);
  });

  test('is 60 s unless the cluster says otherwise', () => {
    function* patient() {
      try {
        return yield* rpc.sync('worker1', plus, [1, 2]);
      } catch (error) {
        return String(error);
      }
    }
    const mute: NetworkRule = ({ event }) =>
      event.type === 'PYTHON_RET' ? deliverAfter(seconds(1_000)) : undefined;
    const network = { rules: [mute] };
    expect(returned(systemWith({ main: patient, plus }, { network }))).toBe(textOf(60_000));
    expect(returned(systemWith({ main: patient, plus }, { network, rpcTimeout: ms(250) }))).toBe(
      textOf(250),
    );
    expect(returned(systemWith({ main: patient, plus }, { network, rpcTimeout: us(0) }))).toBe(3);
  });
});

describe('the pool', () => {
  test('of one thread is blocked by a call that calls back and forth', () => {
    function* forth(): Program<string> {
      return yield* rpc.sync('worker1', whoAmI, []);
    }
    function* nested(): Program<string> {
      return yield* rpc.sync('worker0', forth, []);
    }
    function* main() {
      return yield* rpc.sync('worker1', nested, []);
    }
    const functions = { forth, main, nested, whoAmI };
    expect(returned(systemWith(functions, { poolSize: 2 }))).toBe('worker1');
    // The time-outs of those who wait are tasks of the same pool, so they do not end it either.
    const { outcome, views } = play(systemWith(functions, { poolSize: 1 }));
    expect(outcome).toMatchObject({ type: 'running' });
    expect(views.map(({ threads }) => threads.length)).toEqual([2, 2]);
  });

  test('takes requests in the order in which they came', () => {
    function* main() {
      const futures: Future<string>[] = [];
      for (let nr = 0; nr < 3; nr += 1) futures.push(yield* rpc.async('worker1', whoAmI, []));
      for (const future of futures) yield* future.wait();
    }
    const { run, views } = play(systemWith({ main, whoAmI }, { poolSize: 1 }));
    const taken = run.steps.flatMap(({ choice }) =>
      choice?.type === 'fire' && choice.actor === 'worker1' && choice.event.type === 'request.taken'
        ? [choice.event['thread']]
        : [],
    );
    expect(taken).toEqual(['call-0-0', 'call-0-1', 'call-0-2']);
    expectQuiet(views);
  });
});
