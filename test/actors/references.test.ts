/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
import { describe, expect, test } from 'vitest';

import { globals, rpc } from '../../actors/index.ts';
import type { RRef } from '../../actors/index.ts';
import { keysOf } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { play, returned, systemWith } from './play.ts';
import { caught } from './user-code.ts';

const fortyTwo = (): number => 42;

function* readHere(rref: RRef<number>): Program<readonly [string, number]> {
  const { name } = yield* rpc.getWorkerInfo();
  return [name, yield* rref.isOwner() ? rref.localValue() : rref.toHere()];
}

describe('a remote reference', () => {
  test('knows its owner, and is read there or from afar', () => {
    function* main() {
      const rref = yield* rpc.remote('worker1', fortyTwo, []);
      return [
        rref.isOwner(),
        rref.owner(),
        rref.ownerName(),
        yield* rref.toHere(),
        yield* rpc.sync('worker1', readHere, [rref]),
        yield* rpc.sync('worker2', readHere, [rref]),
      ];
    }
    expect(returned(systemWith({ fortyTwo, main, readHere }, { workers: 3 }))).toEqual([
      false,
      { id: 1, name: 'worker1' },
      'worker1',
      42,
      ['worker1', 42],
      ['worker2', 42],
    ]);
  });

  test('to oneself is an owner from the start', () => {
    function* main() {
      const rref = yield* rpc.remote('worker0', fortyTwo, []);
      return [
        rref.isOwner(),
        yield* rref.confirmedByOwner(),
        yield* rref.localValue(),
        yield* rref.toHere(),
        yield* rpc.sync('worker1', readHere, [rref]),
        yield* rpc.sync('worker0', readHere, [rref]),
      ];
    }
    expect(returned(systemWith({ fortyTwo, main, readHere }))).toEqual([
      true,
      true,
      42,
      42,
      ['worker1', 42],
      ['worker0', 42],
    ]);
  });

  test('is confirmed once its creation was answered', () => {
    function* main() {
      const rref = yield* rpc.remote('worker1', fortyTwo, []);
      const before = yield* rref.confirmedByOwner();
      // The value may overtake the news that the reference exists; the second answer cannot.
      yield* rref.toHere();
      yield* rref.toHere();
      return [before, yield* rref.confirmedByOwner()];
    }
    expect(returned(systemWith({ fortyTwo, main }))).toEqual([false, true]);
  });

  test('has its value only where it is owned', () => {
    function* main() {
      const rref = yield* rpc.remote('worker1', fortyTwo, []);
      return yield* caught(rref.localValue());
    }
    expect(returned(systemWith({ fortyTwo, main }))).toBe(
      'RuntimeError: For UserRRef(rref_id=GloballyUniqueId(created_on=0, local_id=0), ' +
        "fork_id=GloballyUniqueId(created_on=0, local_id=1)), can't call localValue() on user " +
        'WorkerInfo(id=0, name=worker0). Call it on owner WorkerInfo(id=1, name=worker1)',
    );
  });

  test('can be returned, and lives on in the hands of the caller', () => {
    function* make(): Program<RRef<number>> {
      return yield* rpc.rref(7);
    }
    function* pass(): Program<RRef<number>> {
      return yield* rpc.sync('worker2', make, []);
    }
    function* main() {
      const rref = yield* rpc.sync('worker1', pass, []);
      return [rref.ownerName(), yield* rref.toHere()];
    }
    expect(returned(systemWith({ main, make, pass }, { workers: 3 }))).toEqual(['worker2', 7]);
  });

  test('to a reference holds that one until it is dropped itself', () => {
    function nest(inner: RRef<number>): RRef<number> {
      return inner;
    }
    function* main() {
      const inner = yield* rpc.remote('worker1', fortyTwo, []);
      const outer = yield* rpc.remote('worker2', nest, [inner]);
      yield* inner.drop();
      const again = yield* outer.toHere();
      yield* outer.drop();
      return yield* again.toHere();
    }
    expect(returned(systemWith({ fortyTwo, main, nest }, { workers: 3 }))).toBe(42);
  });

  test('in a global outlives the function that put it there', () => {
    function* keep(rref: RRef<number>): Program<void> {
      yield* globals.set('kept', rref);
    }
    function* recall(): Program<number> {
      const rref = yield* globals.get<RRef<number>>('kept');
      return rref === undefined ? -1 : yield* rref.toHere();
    }
    function* forget(): Program<void> {
      yield* globals.remove('kept');
    }
    function* main(forgets: boolean) {
      const rref = yield* rpc.rref(9);
      yield* rpc.sync('worker1', keep, [rref]);
      yield* rref.drop();
      const value = yield* rpc.sync('worker1', recall, []);
      if (forgets) yield* rpc.sync('worker1', forget, []);
      return value;
    }
    const functions = { forget, keep, main, recall };
    expect(returned(systemWith(functions, { args: [true] }))).toBe(9);
    const { outcome, workers } = play(systemWith(functions, { args: [false] }));
    expect(outcome).toEqual({ type: 'returned', value: 9 });
    expect(workers.map(({ rrefs }) => keysOf(rrefs.owners).length)).toEqual([1, 0]);
  });
});

describe('a dropped reference', () => {
  test('is gone at its owner', () => {
    function* main() {
      const rref = yield* rpc.remote('worker1', fortyTwo, []);
      yield* rref.toHere();
      yield* rref.drop();
      return 'dropped';
    }
    expect(returned(systemWith({ fortyTwo, main }))).toBe('dropped');
  });

  test('that is used is a mistake, and says so', () => {
    function* main() {
      const rref = yield* rpc.remote('worker1', fortyTwo, []);
      yield* rref.drop();
      return yield* rref.toHere();
    }
    expect(() => play(systemWith({ fortyTwo, main }))).toThrow(
      /"rref.to-here" on worker0 uses the remote reference w0\.1, which its function does not hold/,
    );
  });

  test('that somebody made up is a mistake too', () => {
    const forged = {
      type: 'rref',
      isOwner: true,
      key: 'w0.7',
      ownerId: 0,
      ownerName: 'worker0',
      rrefId: 'w0.7',
    };
    function* main() {
      // cast -- what a test does on purpose
      return yield* rpc.sync('worker1', readHere, [forged as unknown as RRef<number>]);
    }
    expect(() => play(systemWith({ main, readHere }))).toThrow(/does not hold/);
  });

  test('leaves nothing behind when its function throws', () => {
    function* fail(rref: RRef<number>): Program<never> {
      yield* rpc.remote('worker0', readHere, [rref]);
      throw new TypeError('no');
    }
    function* main() {
      const rref = yield* rpc.remote('worker2', fortyTwo, []);
      return yield* caught(rpc.sync('worker1', fail, [rref]));
    }
    const system = systemWith({ fail, fortyTwo, main, readHere }, { workers: 3 });
    expect(String(returned(system)).split('\n')[0]).toBe(
      'TypeError: TypeError: On WorkerInfo(id=1, name=worker1):',
    );
  });
});

test('a creation that times out is confirmed and flagged', () => {
  function* slow(): Program<number> {
    return yield* rpc.sync('worker0', fortyTwo, [], { timeout: 0 });
  }
  function* main() {
    const rref = yield* rpc.remote('worker1', slow, [], { timeout: 0.001 });
    const text = yield* caught(rref.toHere({ timeout: 1 }));
    const confirmed = yield* rref.confirmedByOwner();
    return [text, confirmed, yield* caught(rref.toHere())];
  }
  const { outcome, workers } = play(systemWith({ fortyTwo, main, slow }));
  expect(outcome).toMatchObject({
    value: [
      'no error but 42',
      true,
      'RuntimeError: RRef creation via rpc.remote() timed out, and it is possible that the RRef on ' +
        'the owner node does not exist.',
    ],
  });
  // The delete of the flagged reference comes after the fork was added, so nothing leaks here.
  expect(workers.map(({ rrefs }) => keysOf(rrefs.owners).length)).toEqual([0, 0]);
});
