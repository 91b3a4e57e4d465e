import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A call that may time out. */
export const exhibit: Exhibit = {
  id: 'timeout-vs-response-double-completion',
  title: 'a time-out and a late answer both complete a call',
  of: 'PyTorch',
  component: 'agent',
  tier: 1,
  isLive: false,
  when: 'fixed by #38931',
  variant: 'agent.noCompleteOnce',
  links: [
    'https://github.com/pytorch/pytorch/pull/38931',
    'https://github.com/pytorch/pytorch/pull/39082',
  ],
  happens:
    'A call times out, which completes its future. Its answer comes all the same, and completes it once more.',
  fix: 'Whoever completes a future tests and sets in one step whether it is complete.',
  property: 'P4',
  system: (isOn) =>
    cluster({
      workers: 2,
      ...hardened(['agent.noCompleteOnce'], isOn, { faults: { early: 1 } }),
      functions,
      main: { worker0: functions.toCall('call', []) },
    }),
};

const functions = defineFunctions({ call, makeValue });

function makeValue(): number {
  return 42;
}

function* call(): Program<number> {
  return yield* rpc.sync('worker1', makeValue, []);
}
