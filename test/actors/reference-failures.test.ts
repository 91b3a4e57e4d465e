/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** What becomes of references whose creation fails or whose messages come at odd times, by profile. */
import { describe, expect, test } from 'vitest';

import { globals, rpc } from '../../actors/index.ts';
import type { ClusterSetting, RRef } from '../../actors/index.ts';
import {
  addForkOfOwner,
  addForkOfOwnerIfNotPresent,
  deleteFork,
} from '../../machines/rref/forks.ts';
import { forkId, rrefId } from '../../machines/rref/ids.ts';
import { newRRefTables } from '../../machines/rref/tables.ts';
import { switchesOf } from '../../machines/switches/switches.ts';
import { keysOf } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { mySleep, raised } from '../pytorch/bodies.ts';
import { distInit } from '../pytorch/fixture.ts';

const timedOut =
  'RRef creation via rpc.remote() timed out, and it is possible that the RRef on the owner node ' +
  'does not exist.';
const hardened: ClusterSetting = { profile: 'hardened' };

/** A reference whose creation has timed out although its function goes on. */
function* late(to: string): Program<RRef<number>> {
  const rref = yield* rpc.remote(to, mySleep, [1], { timeout: 0.01 });
  expect((yield* raised((yield* rref.getFuture()).wait()))?.[1]).toContain('RPCErr:1:');
  return rref;
}

describe('two creations that time out', () => {
  function* body(): Program<unknown> {
    const [one, two] = [yield* late('worker1'), yield* late('worker1')];
    const errors = [yield* raised(one.toHere()), yield* raised(two.toHere())];
    return errors.map((error) => error?.[1]);
  }
  const options = { ranks: [0], schedules: 1, workers: 2 };

  test('are both recorded on the first reference, so the second looks healthy (H59)', () => {
    const { values } = distInit(body, { mySleep }, { ...options, leaksNothing: false });
    expect(values[0]).toEqual([timedOut, undefined]);
  });

  test('are each recorded on their own reference without that bug', () => {
    const { values } = distInit(body, { mySleep }, { ...options, ...hardened });
    expect(values[0]).toEqual([timedOut, timedOut]);
  });
});

describe('a delete that comes before the creation that it is of', () => {
  function* body(): Program<void> {
    const rref = yield* late('worker1');
    yield* rref.drop();
    yield* rpc.sleep(5);
  }
  const options = { ranks: [0], schedules: 2, workers: 2 };

  test('is forgotten, and the owner keeps the value for ever (H3)', () => {
    const { views } = distInit(body, { mySleep }, { ...options, leaksNothing: false });
    expect(views[1]?.debugInfo).toMatchObject({ num_forks: '1', num_owner_rrefs: '1' });
  });

  test('is remembered without that bug: nothing is left', () => {
    const { views } = distInit(body, { mySleep }, { ...options, ...hardened });
    expect(views[1]?.isQuiet).toBe(true);
  });
});

describe('a request for a fork that comes again after its delete', () => {
  const fork = { forkId: forkId(2, 1), rrefId: rrefId(1, 0) };
  const forksAfter = (profile: 'hardened' | 'pytorch-2.6'): readonly string[] => {
    const { tables } = addForkOfOwner(newRRefTables(0, switchesOf(profile)), fork);
    return keysOf(addForkOfOwnerIfNotPresent(deleteFork(tables, fork).tables, fork).tables.forks);
  };

  test('revives the fork (H23), and not where deletes are remembered', () => {
    expect(forksAfter('pytorch-2.6')).toEqual([fork.rrefId]);
    expect(forksAfter('hardened')).toEqual([]);
  });
});

describe('a call to oneself that ends after its time-out, when nobody has the reference', () => {
  function* body(): Program<void> {
    const rref = yield* late('worker0');
    yield* rref.drop();
    yield* rpc.sleep(5);
  }
  const answers = (setting: ClusterSetting): readonly unknown[] =>
    distInit(body, { mySleep }, { ...setting, schedules: 1, workers: 1 }).run.steps.flatMap(
      ({ choice }) =>
        choice?.type === 'deliver' && ['EXCEPTION', 'REMOTE_RET'].includes(choice.event.type)
          ? [choice.event['payload'] ?? choice.event.type]
          : [],
    );

  test('fails on its owner (H4), and ends quietly without that bug', () => {
    expect(answers({})).toEqual([
      'Error on Node 0: Expected OwnerRRef with id GloballyUniqueId(created_on=0, local_id=0) to be created.',
    ]);
    expect(answers(hardened)).toEqual(['REMOTE_RET']);
  });
});

test('a fork that came from its owner escapes the sweep where it is not tracked', () => {
  function* keep(rref: RRef<number>): Program<void> {
    yield* globals.set('kept', rref);
  }
  function* sweep(): Program<void> {
    yield* rpc.deleteAllUsersAndUnforkedOwners({ timeout: 1 });
  }
  const forksLeft = (setting: ClusterSetting): string | undefined => {
    const body = function* body(): Program<void> {
      yield* rpc.sync('worker1', keep, [yield* rpc.rref(1)]);
      yield* rpc.sync('worker1', sweep, []);
    };
    const options = { ...setting, leaksNothing: false, ranks: [0], schedules: 1, workers: 2 };
    return distInit(body, { keep, sweep }, options).views[0]?.debugInfo.num_forks;
  };
  expect(forksLeft({})).toBe('0');
  expect(forksLeft({ switches: { 'rref.ownerForkUntracked': true } })).toBe('1');
});
