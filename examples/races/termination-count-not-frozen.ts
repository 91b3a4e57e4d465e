import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two workers shut down while a call goes to and fro. */
export const exhibit: Exhibit = {
  id: 'termination-count-not-frozen',
  title: 'counts are read one after the other while calls go on',
  of: 'PyTorch',
  component: 'shutdown',
  tier: 1,
  isLive: false,
  when: 'fixed by construction',
  variant: 'term.noFreeze',
  links: ['https://github.com/pytorch/pytorch/pull/38933'],
  happens:
    'All workers add up how many calls are under way. One has given its number, none, and is asked for something ' +
    'that makes a call; when whoever asked gives its number, that is none as well. The sum is of two moments, ' +
    'in each of which there was a call.',
  fix: 'Who has given its number makes no call until the sum is there.',
  property: 'P7',
  system: (isOn) =>
    cluster({
      workers: 2,
      start: 'joined',
      ...hardened(['term.noFreeze'], isOn, { poolSize: 2 }),
      functions,
      main: {
        worker0: functions.toCall('callAndShutDown', []),
        worker1: functions.toCall('shutDown', []),
      },
    }),
};

const functions = defineFunctions({ callAndShutDown, callBack, callOn, makeSlowly, shutDown });

function* makeSlowly(): Program<number> {
  yield* rpc.sleep(1);
  return 42;
}

function* callBack(): Program<void> {
  yield* rpc.async('worker1', makeSlowly, []);
}

function* callOn(): Program<void> {
  yield* rpc.sleep(1);
  yield* rpc.async('worker0', callBack, []);
}

function* callAndShutDown(): Program<void> {
  yield* rpc.async('worker1', callOn, []);
  yield* rpc.shutdown();
}

function* shutDown(): Program<void> {
  yield* rpc.shutdown();
}
