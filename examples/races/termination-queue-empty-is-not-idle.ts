import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two workers shut down, one while its call is under way. */
export const exhibit: Exhibit = {
  id: 'termination-queue-empty-is-not-idle',
  title: 'an empty queue counts as having nothing to do',
  of: 'PyTorch',
  component: 'shutdown',
  tier: 1,
  isLive: false,
  when: 'fixed by #26984',
  variant: 'term.queueEmptyMeansIdle',
  links: [
    'https://github.com/pytorch/pytorch/pull/23948',
    'https://github.com/pytorch/pytorch/pull/26984',
  ],
  happens:
    'A worker that shuts down looks whether its queue is empty. What was taken from the queue is still under ' +
    'way, and its answer comes to somebody who has left.',
  fix: 'What is counted is what is not over, not what is queued.',
  property: 'P7',
  system: (isOn) =>
    cluster({
      workers: 2,
      start: 'joined',
      ...hardened(['term.queueEmptyMeansIdle'], isOn, { poolSize: 2 }),
      functions,
      main: {
        worker0: functions.toCall('callAndShutDown', []),
        worker1: functions.toCall('shutDown', []),
      },
    }),
};

const functions = defineFunctions({ callAndShutDown, makeSlowly, shutDown });

function* makeSlowly(): Program<number> {
  yield* rpc.sleep(1);
  return 42;
}

function* callAndShutDown(): Program<void> {
  yield* rpc.async('worker1', makeSlowly, []);
  yield* rpc.shutdown();
}

function* shutDown(): Program<void> {
  yield* rpc.shutdown();
}
