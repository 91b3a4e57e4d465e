import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two calls, and one message may be lost. */
export const exhibit: Exhibit = {
  id: 'timeout-entry-of-wrong-request',
  title: 'an answer cancels the time-out of another call',
  of: 'PyTorch',
  component: 'agent',
  tier: 1,
  isLive: false,
  when: 'fixed by #51939',
  variant: 'agent.timerByCaptureId',
  links: [
    'https://github.com/pytorch/pytorch/issues/51007',
    'https://github.com/pytorch/pytorch/pull/51939',
  ],
  happens:
    'Two calls are under way. The answer to the first cancels the time-out of the one that was made last. The ' +
    'answer to that is lost, and it waits for ever.',
  fix: 'The id in the answer says whose time-out is cancelled.',
  property: 'P3',
  system: (isOn) =>
    cluster({
      workers: 2,
      ...hardened(['agent.timerByCaptureId'], isOn, { faults: { drop: 1 } }),
      functions,
      main: { worker0: functions.toCall('callTwice', []) },
    }),
};

const functions = defineFunctions({ callTwice, makeValue });

function makeValue(): number {
  return 42;
}

function* callTwice(): Program<void> {
  const first = yield* rpc.async('worker1', makeValue, []);
  const second = yield* rpc.async('worker1', makeValue, []);
  yield* first.wait();
  yield* second.wait();
}
