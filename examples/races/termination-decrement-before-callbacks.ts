import { cluster, rpc } from '../../actors/index.ts';
import type { Future } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A function that is chained to a call makes another one. */
export const exhibit: Exhibit = {
  id: 'termination-decrement-before-callbacks',
  title: 'a call counts no more while its callbacks run',
  of: 'PyTorch',
  component: 'shutdown',
  tier: 2,
  isLive: false,
  when: 'fixed by construction',
  variant: 'agent.decrementFirst',
  links: ['https://github.com/pytorch/pytorch/pull/38933'],
  happens:
    'A call is counted down when its answer comes, and its callbacks run after that. They may make further ' +
    'calls, but for a moment nothing seems to be under way.',
  fix: 'A call is counted down after its callbacks.',
  property: 'P5',
  system: (isOn) =>
    cluster({
      workers: 2,
      ...hardened(['agent.decrementFirst'], isOn),
      functions,
      main: { worker0: functions.toCall('chain', []) },
    }),
};

const functions = defineFunctions({ callOn, chain, makeValue });

function makeValue(): number {
  return 42;
}

function* callOn(future: Future<number>): Program<void> {
  yield* future.wait();
  yield* rpc.async('worker1', makeValue, []);
}

function* chain(): Program<void> {
  const future = yield* rpc.async('worker1', makeValue, []);
  const chained = yield* future.then(callOn);
  yield* chained.wait();
}
