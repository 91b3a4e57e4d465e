import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A value is created while its owner sweeps. */
export const exhibit: Exhibit = {
  id: 'sweep-between-create-and-fork',
  title: 'a sweep takes a value between its creation and the copy of who asked for it',
  of: 'PyTorch',
  component: 'rref',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'rref.createForkNotAtomic',
  links: ['https://github.com/pytorch/pytorch/pull/38590'],
  happens:
    'The owner lists a new value in one critical section and the copy of its creator in the next. A sweep of ' +
    'values that nobody has a copy of, as at shutdown, comes between the two and takes it.',
  fix: 'Both are listed in one critical section.',
  advice:
    'Wait for all `rpc.remote` calls (`rref._get_future().wait()`, or `rref.confirmed_by_owner()`) before any ' +
    'worker calls `rpc.shutdown()`.',
  property: 'P8',
  system: (isOn) =>
    cluster({
      workers: 2,
      ...hardened(['rref.createForkNotAtomic'], isOn),
      functions,
      main: {
        worker0: functions.toCall('createAndRead', []),
        worker1: functions.toCall('sweep', []),
      },
    }),
};

const functions = defineFunctions({ createAndRead, makeValue, sweep });

function makeValue(): number {
  return 42;
}

function* createAndRead(): Program<number> {
  const rref = yield* rpc.remote('worker1', makeValue, []);
  return yield* rref.toHere();
}

function* sweep(): Program<void> {
  yield* rpc.deleteAllUsersAndUnforkedOwners();
}
