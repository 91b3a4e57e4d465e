/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** A worker that crashed and started again makes contexts that its peers tell from those before. */
import { describe, expect, test } from 'vitest';

import { distAutograd, globals, rpc, torch } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { NodeId } from '../../src/core/brand.ts';
import { ms, sizeOf } from '../../src/index.ts';
import type { PlannedFault, Program } from '../../src/index.ts';
import { refused } from './autograd-programs.ts';
import { play, systemWith } from './play.ts';
import type { PlayOptions } from './play.ts';

// cast -- the name of a node in a plan
const worker0 = 'worker0' as NodeId;

function crashAt(atMs: number): readonly PlannedFault[] {
  return [
    { after: ms(atMs), fault: { type: 'crash', node: worker0 } },
    { after: ms(atMs + 0.1), fault: { type: 'restart', node: worker0 } },
  ];
}

function* add(left: Tensor, right: Tensor | number): Program<Tensor> {
  return yield* torch.add(left, right);
}

/** Two calls in a context and a pass. */
function* attempt(): Program<readonly number[] | undefined> {
  return yield* distAutograd.context(function* (id) {
    const leaf = yield* torch.tensor([1], { requiresGrad: true });
    const sum = yield* rpc.sync('worker1', add, [leaf, 1]);
    const more = yield* rpc.sync('worker1', add, [sum, sum]);
    yield* distAutograd.backward(id, [yield* torch.sum(more)]);
    return distAutograd.gradientOf(yield* distAutograd.getGradients(id), leaf)?.data;
  });
}

/** Once more if the pipe was one to the life before: the peer learns of the crash when it sends. */
function* main(): Program<readonly number[] | undefined> {
  try {
    return yield* attempt();
  } catch (error) {
    if (!String(error).includes('ECONNRESET')) throw error;
    return yield* attempt();
  }
}

const latency = [ms(1)];
const collided = /recvAutogradFunctions_\.find\(autograd_message_id\) .* INTERNAL ASSERT FAILED/;

describe.each(['fast', 'smart', 'smart-discovery'] as const)('in %s mode', (backwardMode) => {
  function outcomeAt(atMs: number, options: PlayOptions): unknown {
    const setting = { backwardMode, network: { latency }, plan: crashAt(atMs), ...options };
    return play(systemWith({ add, main }, setting));
  }

  test('a crash at any moment costs nothing but time', () => {
    for (let at = 0; at < 16; at += 1) {
      const played = outcomeAt(at / 2 + 0.3, { profile: 'hardened' });
      expect(played).toMatchObject({ outcome: { type: 'returned', value: [2] } });
    }
  });

  test('in PyTorch peers take the new context for the one that they know', () => {
    const message: unknown = expect.stringMatching(collided);
    const threw = { outcome: { type: 'threw', error: { message } } };
    expect(outcomeAt(3.3, {})).toMatchObject(threw);
    const reuses = { profile: 'hardened', switches: { 'da.reusesIds': true } } as const;
    expect(outcomeAt(3.3, reuses)).toMatchObject(threw);
  });
});

/** Whether worker 1 is asked for the first time; then it learns that its pipe to the life before is gone. */
function* isFirst(): Program<boolean> {
  const isKnown = (yield* globals.get('met')) === true;
  yield* globals.set('met', true);
  if (isKnown) yield* refused(rpc.sync('worker0', isFirst, []));
  return !isKnown;
}

/** In its first life it calls worker 1 within a context, in the next worker 2, and keeps that context for long. */
function* inTwoLives(): Program<void> {
  const to = (yield* rpc.sync('worker1', isFirst, [])) ? 'worker1' : 'worker2';
  yield* distAutograd.context(function* () {
    yield* rpc.sync(to, add, [yield* torch.tensor([1], { requiresGrad: true }), 1]);
    yield* rpc.sleep(4_000);
  });
}

test('a context of the next life does not keep one of the life before', () => {
  const contextsAfter = (switches: NonNullable<PlayOptions['switches']>): readonly number[] => {
    const network = { latency };
    const setting = {
      network,
      plan: crashAt(1_000),
      profile: 'hardened',
      switches,
      workers: 3,
    } as const;
    const { outcome, workers } = play(systemWith({ add, isFirst, main: inTwoLives }, setting));
    expect(outcome).toMatchObject({ type: 'returned' });
    return workers.map(({ autograd }) => sizeOf(autograd.contexts));
  };
  expect(contextsAfter({})).toEqual([0, 0, 0]);
  expect(contextsAfter({ 'da.reusesIds': true })).toEqual([0, 1, 0]);
});
