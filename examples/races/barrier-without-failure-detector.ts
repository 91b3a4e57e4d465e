import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two workers shut down, and one may crash. */
export const exhibit: Exhibit = {
  id: 'barrier-without-failure-detector',
  title: 'nobody notices a dead member, and the barrier waits for ever',
  of: 'PyTorch',
  component: 'shutdown',
  tier: 2,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'shutdown.noFailureDetection',
  links: ['https://github.com/pytorch/pytorch/issues/70278'],
  happens:
    'A worker dies before it comes to the barrier of a shutdown. The others wait for it on an event that ' +
    'nothing but its report can set.',
  fix: 'Whoever waits for long looks whether the missing are there, and gives up if they are not.',
  advice:
    'Pass a `timeout` to `rpc.shutdown`, and let whatever started the processes end them when one dies.',
  property: 'P3',
  system: (isOn) =>
    cluster({
      workers: 2,
      start: 'joined',
      ...hardened(['shutdown.noFailureDetection'], isOn, { faults: { crash: 1 } }),
      functions,
      main: {
        worker0: functions.toCall('shutDown', []),
        worker1: functions.toCall('shutDown', []),
      },
    }),
};

const functions = defineFunctions({ shutDown });

function* shutDown(): Program<void> {
  yield* rpc.shutdown();
}
