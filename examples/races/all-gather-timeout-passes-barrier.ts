import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two workers meet, with a time-out. */
export const exhibit: Exhibit = {
  id: 'all-gather-timeout-passes-barrier',
  title: 'a gather that times out goes on with a part',
  of: 'PyTorch',
  component: 'shutdown',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'api.allGatherIgnoresTimeout',
  links: ['https://github.com/pytorch/pytorch/issues/70278'],
  happens:
    'The leader of a gather waits for all members, with a time-out. That it was over for lack of time is not ' +
    'looked at: the leader goes on with what it has, as if all had come.',
  fix: 'A time-out raises.',
  advice:
    'Call `rpc.shutdown()` without a time-out, or with one that exceeds all delays; do not take its return for ' +
    'a barrier.',
  property: 'P6',
  system: (isOn) =>
    cluster({
      workers: 2,
      start: 'joined',
      ...hardened(['api.allGatherIgnoresTimeout'], isOn, { faults: { early: 1 } }),
      functions,
      main: { worker0: functions.toCall('meet', []), worker1: functions.toCall('meet', []) },
    }),
};

const functions = defineFunctions({ meet });

function* meet(): Program<unknown> {
  return yield* rpc.allGather('here', { timeout: 1 });
}
