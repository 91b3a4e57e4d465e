/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** What becomes of the autograd contexts of a peer that is gone, or says nothing for long. */
import { describe, expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import type { Operand } from '../../actors/index.ts';
import { workersOf } from '../../actors/view.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { NodeId } from '../../src/core/brand.ts';
import { runSystem, seconds, sizeOf } from '../../src/index.ts';
import type { PlannedFault, Program } from '../../src/index.ts';
import { expectQuiet, play, returned, systemWith } from './play.ts';
import type { PlayOptions } from './play.ts';

// cast -- the name of a node in a plan
const worker0 = 'worker0' as NodeId;
const crash: readonly PlannedFault[] = [
  { after: seconds(1), fault: { type: 'crash', node: worker0 } },
];

function* add(left: Operand, right: Operand): Program<Tensor> {
  return yield* torch.add(left, right);
}

function* passOn(left: Operand): Program<Tensor> {
  return yield* rpc.sync('worker2', add, [left, 1]);
}

/** Backward through a peer, with pauses before and after the call. */
function* withPauses(pauses: readonly number[]): Program<readonly number[] | undefined> {
  return yield* distAutograd.context(function* (id) {
    const leaf = yield* torch.tensor([1], { requiresGrad: true });
    let sum = leaf;
    for (const pause of pauses) {
      sum = yield* rpc.sync('worker1', add, [sum, 1]);
      yield* rpc.sleep(pause);
    }
    yield* distAutograd.backward(id, [yield* torch.sum(sum)]);
    return distAutograd.gradientOf(yield* distAutograd.getGradients(id), leaf)?.data;
  });
}

describe.each(['lost', 'refused'] as const)('a worker that is down, its mail %s', (toDownNode) => {
  function* main() {
    yield* distAutograd.context(function* () {
      yield* rpc.sync('worker1', passOn, [yield* torch.tensor([1], { requiresGrad: true })]);
      yield* rpc.sleep(5);
    });
  }
  const contextsLeft = (options: PlayOptions) => {
    const setting = { network: { toDownNode }, plan: crash, workers: 3, ...options };
    const { ended, world } = runSystem(systemWith({ add, main, passOn }, setting));
    expect(ended).toBe('quiescent');
    return workersOf(world).map(({ autograd }) => sizeOf(autograd.contexts));
  };

  test('leaves its contexts with its peers, as PyTorch does', () => {
    expect(contextsLeft({})).toEqual([1, 1]);
    const noLease = { 'da.noLease': true } as const;
    expect(contextsLeft({ profile: 'hardened', switches: noLease })).toEqual([1, 1]);
  });

  test('leaves none where each peer asks after it', () => {
    expect(contextsLeft({ profile: 'hardened' })).toEqual([0, 0]);
    expect(contextsLeft({ profile: 'hardened', rpcTimeout: seconds(0) })).toEqual([0, 0]);
  });
});

test('a worker that ends its context in silence is not waited for', () => {
  function* main() {
    return yield* withPauses([1]);
  }
  const { outcome, run, views } = play(systemWith({ add, main }, { profile: 'hardened' }));
  expectQuiet(views);
  expect(outcome).toEqual({ type: 'returned', value: [1] });
  const leases = run.steps.flatMap(({ happened }) => happened.filter((each) => isLease(each)));
  expect(leases.map(({ type }) => type)).toEqual(['scheduled', 'cancelled']);
});

test.each([[[1_000]], [[3_000, 1]], [[100, 500, 3_000]]])(
  'a worker that pauses for %s seconds finds its context again',
  (pauses) => {
    function* main() {
      return yield* withPauses(pauses);
    }
    expect(returned(systemWith({ add, main }, { profile: 'hardened' }))).toEqual([1]);
  },
);

test('a worker that waits for ever is asked a few times, and the run ends', () => {
  function* main() {
    yield* distAutograd.context(function* (id) {
      const leaf = yield* torch.tensor([1], { requiresGrad: true });
      const sum = yield* rpc.sync('worker1', add, [leaf, 1]);
      yield* rpc.sync('worker1', add, [leaf, 1]);
      yield* distAutograd.backward(id, [yield* torch.sum(sum)]);
    });
  }
  const { outcome, run, workers } = play(
    systemWith({ add, main }, { profile: 'hardened', rpcTimeout: seconds(0) }),
  );
  expect(outcome).toMatchObject({ type: 'running' });
  expect(workers.map(({ autograd }) => sizeOf(autograd.contexts))).toEqual([1, 1]);
  const asked = run.steps.flatMap(({ happened }) =>
    happened.filter(
      (each) => each.type === 'sent' && each.event.type === 'LEASE_AUTOGRAD_CONTEXT_REQ',
    ),
  );
  expect(asked).toHaveLength(4);
});

function isLease(happening: { readonly type: string; readonly id?: string }): boolean {
  return happening.id?.startsWith('lease-') === true;
}
