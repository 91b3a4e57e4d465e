import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A worker stops at once while a peer calls it. */
export const exhibit: Exhibit = {
  id: 'pool-drained-before-listener',
  title: 'a request is accepted after the pool was drained',
  of: 'PyTorch',
  component: 'shutdown',
  tier: 1,
  isLive: false,
  when: 'fixed by #35394, #40060',
  variant: 'shutdown.drainBeforeClose',
  links: [
    'https://github.com/pytorch/pytorch/issues/33740',
    'https://github.com/pytorch/pytorch/pull/35394',
    'https://github.com/pytorch/pytorch/issues/39855',
    'https://github.com/pytorch/pytorch/pull/40060',
  ],
  happens:
    'A worker that stops waits until its pool has nothing to do, and closes its pipes after that. A request ' +
    'that comes between the two is served by a worker that has stopped.',
  fix: 'The pipes are closed first, then the pool is drained.',
  property: 'P7',
  system: (isOn) =>
    cluster({
      workers: 2,
      start: 'joined',
      ...hardened(['shutdown.drainBeforeClose'], isOn),
      functions,
      main: { worker0: functions.toCall('stop', []), worker1: functions.toCall('call', []) },
    }),
};

const functions = defineFunctions({ call, makeValue, stop });

function makeValue(): number {
  return 42;
}

function* call(): Program<void> {
  yield* rpc.async('worker0', makeValue, []);
}

function* stop(): Program<void> {
  yield* rpc.shutdown({ graceful: false });
}
