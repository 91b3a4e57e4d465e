import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two workers shut down, one with a call under way that calls back. */
export const exhibit: Exhibit = {
  id: 'termination-local-idle-is-not-global-idle',
  title: 'a worker leaves as soon as it has nothing to do itself',
  of: 'PyTorch',
  component: 'shutdown',
  tier: 1,
  isLive: false,
  when: 'fixed by #26984',
  variant: 'term.localIdle',
  links: [
    'https://github.com/pytorch/pytorch/issues/26944',
    'https://github.com/pytorch/pytorch/pull/26984',
    'https://github.com/pytorch/pytorch/pull/26986',
  ],
  happens:
    'A worker that shuts down looks at its own calls alone. That a peer has a call to it on its way it cannot ' +
    'see.',
  fix: 'All workers add up their calls, again and again, until there is none.',
  property: 'P7',
  system: (isOn) =>
    cluster({
      workers: 2,
      start: 'joined',
      ...hardened(['term.localIdle'], isOn),
      functions,
      main: {
        worker0: functions.toCall('shutDown', []),
        worker1: functions.toCall('callAndShutDown', []),
      },
    }),
};

const functions = defineFunctions({ callAndShutDown, callBack, makeValue, shutDown });

function makeValue(): number {
  return 42;
}

function* callBack(): Program<void> {
  yield* rpc.async('worker1', makeValue, []);
}

function* shutDown(): Program<void> {
  yield* rpc.shutdown();
}

function* callAndShutDown(): Program<void> {
  yield* rpc.async('worker0', callBack, []);
  yield* rpc.shutdown();
}
