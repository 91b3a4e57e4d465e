/**
 * The three ways in which a reference is shared, and one that is shared before it exists, message by message
 * with the ids that PyTorch gives: `w1.0` is what worker 1 made first.
 */
import { describe, expect, test } from 'vitest';

import { cluster, mainOutcome, rpc } from '../../actors/index.ts';
import type { RRef } from '../../actors/index.ts';
import { clusterView, workersOf } from '../../actors/view.ts';
import {
  sharingAmongUsers,
  sharingByOwner,
  sharingWithOwner,
} from '../../examples/tutorials/sharing.ts';
import {
  defineFunctions,
  defineSystem,
  draws,
  keysOf,
  ms,
  runSystem,
  valuesOf,
} from '../../src/index.ts';
import type { PersistentMap, SystemDefinition } from '../../src/index.ts';
import { checkAllTapes } from '../../src/testing/index.ts';
import { expectQuiet, play } from '../actors/play.ts';
import type { Sent } from './traffic.ts';
import { linesOf, trafficOf } from './traffic.ts';

/** The messages, with the fork that they speak of. */
function story(traffic: readonly Sent[]): readonly string[] {
  const lines = linesOf(traffic);
  return traffic.map(({ message }, index) =>
    'forkId' in message ? `${lines[index]} ${message.forkId}` : (lines[index] ?? ''),
  );
}

interface Told {
  /** The forks that some owner knew at some moment. */
  readonly forks: readonly string[];
  readonly messages: readonly string[];
}

function tell(definition: SystemDefinition): Told {
  const forks = new Set<string>();
  const { outcome, run, views } = play(defineSystem(definition), {
    onStep: (_, world) => {
      const known = workersOf(world).flatMap(({ rrefs }) => valuesOf(rrefs.forks));
      for (const fork of known.flatMap((each) => keysOf(each))) forks.add(fork);
    },
  });
  expect(outcome).toEqual({ type: 'returned', value: 42 });
  expectQuiet(views);
  return { forks: [...forks].toSorted(), messages: story(trafficOf(run)) };
}

describe('a reference is shared', () => {
  test('by a user with its owner: the child is accepted, and the owner never counts it', () => {
    expect(tell(sharingWithOwner())).toEqual({
      forks: ['w0.1'],
      messages: [
        'w0 PYTHON_REMOTE_CALL w1 w0.1',
        'w0 PYTHON_CALL w1',
        'w1 RREF_CHILD_ACCEPT w0 w0.2',
        'w1 PYTHON_RET w0',
        'w1 REMOTE_RET w0 w0.1',
        'w0 RREF_ACK w1',
        'w0 RREF_USER_DELETE w1 w0.1',
        'w1 RREF_ACK w0',
      ],
    });
  });

  test('by its owner with a user: the owner counts the fork before anybody else knows of it', () => {
    expect(tell(sharingByOwner())).toEqual({
      forks: ['w0.1'],
      messages: [
        'w0 PYTHON_CALL w1',
        'w1 PYTHON_RREF_FETCH_CALL w0',
        'w0 PYTHON_RREF_FETCH_RET w1',
        'w1 PYTHON_RET w0',
        'w1 RREF_USER_DELETE w0 w0.1',
        'w0 RREF_ACK w1',
      ],
    });
  });

  test('by a user with a user: the function runs once the owner knows, and then the parent learns of it', () => {
    expect(tell(sharingAmongUsers())).toEqual({
      forks: ['w0.1', 'w0.2'],
      messages: [
        'w0 PYTHON_REMOTE_CALL w1 w0.1',
        'w0 PYTHON_CALL w2',
        'w2 RREF_FORK_REQUEST w1 w0.2',
        'w1 REMOTE_RET w0 w0.1',
        'w1 RREF_ACK w2',
        'w2 PYTHON_RREF_FETCH_CALL w1',
        'w1 PYTHON_RREF_FETCH_RET w2',
        // The answer of the call may reach the parent before the news that its child is accepted.
        'w2 PYTHON_RET w0',
        'w2 RREF_CHILD_ACCEPT w0 w0.2',
        'w2 RREF_USER_DELETE w1 w0.2',
        'w0 RREF_ACK w2',
        'w1 RREF_ACK w2',
        'w0 RREF_USER_DELETE w1 w0.1',
        'w1 RREF_ACK w0',
      ],
    });
  });
});

function makeValue(): number {
  return 42;
}

function* slowValue() {
  // Long enough for worker 2 to ask for the fork first.
  return yield* rpc.sync('worker1', makeValue, []);
}

function* useValue(rref: RRef<number>) {
  return yield* rref.toHere();
}

/** Worker 1 creates at worker 0 and shares with worker 2 what does not exist yet. */
function* create() {
  const rref = yield* rpc.remote('worker0', slowValue, []);
  return yield* rpc.sync('worker2', useValue, [rref]);
}

function* askCreator() {
  return yield* rpc.sync('worker1', create, []);
}

test('three parties: the owner knows the fork of a reference that it does not have yet', () => {
  const functions = defineFunctions({ askCreator, create, makeValue, slowValue, useValue });
  const definition = cluster({
    functions,
    main: { worker0: functions.toCall('askCreator', []) },
    workers: 3,
  });
  const moments: string[] = [];
  const { outcome, run, views } = play(defineSystem(definition), {
    onStep: (_, world) => {
      const [owner, creator, user] = workersOf(world).map(({ rrefs }) => rrefs);
      const moment = [
        `owners ${names(owner?.owners)}`,
        `forks ${valuesOf(owner?.forks ?? {})
          .map((forks) => names(forks))
          .join()}`,
        `pendingUsers ${names(creator?.pendingUsers)}/${names(user?.pendingUsers)}`,
        `pendingChildren ${names(creator?.pendingChildren)}`,
      ].join(', ');
      if (moments.at(-1) !== moment) moments.push(moment);
    },
  });
  expect(outcome).toEqual({ type: 'returned', value: 42 });
  expectQuiet(views);
  expect(
    story(trafficOf(run)).filter((line) => line.includes('w1.') || line.includes('ACK')),
  ).toEqual([
    'w1 PYTHON_REMOTE_CALL w0 w1.1',
    'w2 RREF_FORK_REQUEST w0 w1.2',
    'w0 RREF_ACK w2',
    'w0 REMOTE_RET w1 w1.1',
    'w2 RREF_CHILD_ACCEPT w1 w1.2',
    'w2 RREF_USER_DELETE w0 w1.2',
    'w1 RREF_ACK w2',
    'w0 RREF_ACK w2',
    'w1 RREF_USER_DELETE w0 w1.1',
    'w0 RREF_ACK w1',
  ]);
  expect(moments).toEqual([
    'owners , forks , pendingUsers /, pendingChildren ',
    'owners , forks , pendingUsers w1.1/, pendingChildren ',
    'owners , forks , pendingUsers w1.1/, pendingChildren w1.2',
    'owners , forks , pendingUsers w1.1/w1.2, pendingChildren w1.2',
    // The owner counts a fork of what it does not own yet.
    'owners , forks w1.2, pendingUsers w1.1/w1.2, pendingChildren w1.2',
    'owners , forks w1.2, pendingUsers w1.1/, pendingChildren w1.2',
    'owners w1.0, forks w1.2, pendingUsers w1.1/, pendingChildren w1.2',
    'owners w1.0, forks w1.1+w1.2, pendingUsers w1.1/, pendingChildren w1.2',
    'owners w1.0, forks w1.1+w1.2, pendingUsers /, pendingChildren w1.2',
    'owners w1.0, forks w1.1+w1.2, pendingUsers /, pendingChildren ',
    'owners w1.0, forks w1.1, pendingUsers /, pendingChildren ',
    'owners , forks , pendingUsers /, pendingChildren ',
  ]);
});

test.each([
  ['with its owner', sharingWithOwner()],
  ['by its owner', sharingByOwner()],
  ['among users', sharingAmongUsers()],
])(
  'under every schedule a reference shared %s is read and then forgotten everywhere',
  (_, definition) => {
    const network = { latency: [ms(1), ms(2), ms(5)] };
    const system = defineSystem({ ...definition, network });
    checkAllTapes((tape) => {
      const { world } = runSystem(system, { chooser: draws(tape) });
      expect(mainOutcome(world, 'worker0')).toEqual({ type: 'returned', value: 42 });
      expectQuiet(clusterView(world));
    });
  },
);

function names(map: PersistentMap<unknown> = {}): string {
  return keysOf(map).join('+');
}
