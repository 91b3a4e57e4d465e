/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** Behaviours that no test of PyTorch's names, as PyTorch 1.13 was seen to behave. */
import { describe, expect, test } from 'vitest';

import { pythonError, rpc, torch, valueError } from '../../actors/index.ts';
import type { RRef } from '../../actors/index.ts';
import { cluster, mainOutcome } from '../../actors/index.ts';
import type { ClusterSetting } from '../../actors/index.ts';
import { defineFunctions, defineSystem, runSystem } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { raised } from './bodies.ts';

const identity = (value: unknown): unknown => value;

function* slowly(value: number): Program<number> {
  yield* rpc.sleep(1);
  return value;
}

function raise(name: string, message: string): never {
  throw pythonError(name, message);
}

function* makeReference(): Program<RRef<number>> {
  return yield* rpc.rref(5);
}

function* isConfirmed(rref: RRef<unknown>): Program<boolean> {
  return yield* rref.confirmedByOwner();
}

function* readBoth(one: RRef<unknown>, other: RRef<unknown>): Program<readonly unknown[]> {
  return [yield* one.toHere(), yield* other.toHere()];
}

function* readNested({
  list: [first],
}: {
  readonly list: readonly [RRef<unknown>];
}): Program<unknown> {
  return yield* first.toHere();
}

function callBack(): never {
  throw valueError('cb');
}

const functions = {
  callBack,
  identity,
  isConfirmed,
  makeReference,
  raise,
  readBoth,
  readNested,
  slowly,
};

/** What the program gives on worker 0 of two. */
function valueOf(main: () => Program<unknown>, setting: ClusterSetting = {}): unknown {
  const registry = defineFunctions({ ...functions, main });
  const calls = { worker0: registry.toCall('main', []) };
  const system = defineSystem(
    cluster({ start: 'joined', ...setting, functions: registry, main: calls, workers: 2 }),
  );
  const outcome = mainOutcome(runSystem(system, { stepsMax: 5_000 }).world, 'worker0');
  return outcome.type === 'returned' ? outcome.value : outcome;
}

describe('a call', () => {
  // What has no types may give anything.
  const noTypes = (value: unknown): string => value as string;

  test.each([undefined, JSON.parse('null'), true, 1.5])('to %s is to nobody', (to) => {
    expect(valueOf(() => raised(rpc.sync(noTypes(to), identity, [1])))).toEqual([
      'ValueError',
      `Cannot get WorkerInfo from name ${to === undefined || typeof to === 'object' ? 'None' : String(to)}`,
    ]);
  });

  test('of what is no function is refused, however it is made', () => {
    const noFunction = 3 as unknown as typeof identity;
    const refused = ['TypeError', 'function should be callable.'];
    function* main() {
      return [
        yield* raised(rpc.sync('worker1', noFunction, [1])),
        yield* raised(rpc.async('worker1', noFunction, [1])),
        yield* raised(rpc.remote('worker1', noFunction, [1])),
      ];
    }
    expect(valueOf(main)).toEqual([refused, refused, refused]);
  });

  test('takes no option but those that there are', () => {
    const misspelt: object = { timeOut: 3 };
    function* main() {
      return [
        yield* raised(rpc.sync('worker1', identity, [1], misspelt)),
        yield* raised(rpc.async('worker1', identity, [1], misspelt)),
        yield* raised(rpc.remote('worker1', identity, [1], misspelt)),
      ];
    }
    const refused = (fn: string) => [
      'TypeError',
      `${fn}() got an unexpected keyword argument 'timeOut'`,
    ];
    expect(valueOf(main)).toEqual(['rpc_sync', 'rpc_async', 'remote'].map(refused));
  });

  test('that raises without a text says so', () => {
    expect(valueOf(() => raised(rpc.sync('worker1', raise, ['ValueError', ''])))).toEqual([
      'ValueError',
      expect.stringMatching(
        /On WorkerInfo\(id=1, name=worker1\):\nValueError\(\)\n(.|\n)*\nValueError\n/,
      ),
    ]);
  });

  test.each(['AssertionError', 'ZeroDivisionError', 'NotImplementedError'])(
    'that raises %s keeps the class by to_here alone',
    (name) => {
      function* main() {
        const rref = yield* rpc.remote('worker1', raise, [name, 'no']);
        return [
          yield* raised(rpc.sync('worker1', raise, [name, 'no'])),
          yield* raised(rref.toHere()),
        ];
      }
      expect(valueOf(main)).toEqual([
        ['RuntimeError', expect.stringContaining(`${name}: On WorkerInfo(id=1, name=worker1):`)],
        [name, expect.stringMatching(/^On WorkerInfo/)],
      ]);
    },
  );

  test('with a time-out below zero is over at once', () => {
    expect(valueOf(() => raised(rpc.sync('worker1', identity, [1], { timeout: -2 })))).toEqual([
      'RuntimeError',
      'RPCErr:1:RPC ran for more than set timeout (-2000 ms) and will now be marked with an error',
    ]);
  });
});

describe('a reference', () => {
  test.each([
    ['pytorch-2.6', false],
    ['hardened', true],
  ] as const)(
    'that its owner gave away says in %s whether it is confirmed: %s',
    (profile, says) => {
      function* main() {
        const returned = yield* rpc.sync('worker1', makeReference, []);
        const own = yield* rpc.rref(2);
        const created = yield* rpc.remote('worker1', identity, [1]);
        yield* created.toHere();
        return [
          yield* returned.confirmedByOwner(),
          yield* rpc.sync('worker1', isConfirmed, [own]),
          yield* created.confirmedByOwner(),
        ];
      }
      expect(valueOf(main, { profile })).toEqual([says, says, true]);
    },
  );

  test('can be given twice in one call, and within other things', () => {
    function* main() {
      const rref = yield* rpc.remote('worker1', identity, [1]);
      return [
        yield* rpc.sync('worker1', readBoth, [rref, rref]),
        yield* rpc.sync('worker1', readNested, [{ list: [rref] }]),
      ];
    }
    expect(valueOf(main)).toEqual([[1, 1], 1]);
  });

  test('to what a worker creates on itself waits for it without a time-out', () => {
    function* main() {
      const rref = yield* rpc.remote('worker0', slowly, [1]);
      return yield* rref.toHere({ timeout: 0.1 });
    }
    expect(valueOf(main)).toBe(1);
  });

  test('can be made after the end of the agent, which is where references still go', () => {
    function* main() {
      yield* rpc.shutdown({ graceful: false });
      return yield* (yield* rpc.rref(1)).localValue();
    }
    expect(valueOf(main)).toBe(1);
    expect(valueOf(main, { profile: 'hardened' })).toMatchObject({ type: 'threw' });
  });
});

describe('a future', () => {
  test('of a callback that raises passes its error on to the next', () => {
    function* main() {
      const future = yield* rpc.async('worker1', identity, [1]);
      const next = yield* (yield* future.then(callBack)).then(callBack);
      return [yield* raised((yield* future.then(callBack)).wait()), yield* raised(next.wait())];
    }
    const text = 'Got the following error when running the callback: ValueError: cb';
    expect(valueOf(main)).toEqual([
      ['RuntimeError', expect.stringContaining(text)],
      ['RuntimeError', expect.stringContaining(text)],
    ]);
  });

  test('of no futures is complete', () => {
    expect(valueOf(() => rpc.waitAll([]))).toEqual([]);
  });
});

test('an operator that is given no tensor says what it was given', () => {
  function* main() {
    return yield* torch.add(undefined as never, 1);
  }
  expect(() => valueOf(main)).toThrow('"add" was given undefined as number 0');
});
