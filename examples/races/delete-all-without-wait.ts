import { unconfirmedAtEnd } from '../tutorials/shutting-down.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A worker creates a value and shuts down. */
export const exhibit: Exhibit = {
  id: 'delete-all-without-wait',
  title: 'a worker leaves before its references are confirmed',
  of: 'PyTorch',
  component: 'shutdown',
  tier: 1,
  isLive: false,
  when: 'fixed by #31893',
  variant: 'shutdown.noWaitPending',
  links: ['https://github.com/pytorch/pytorch/pull/31893'],
  happens:
    'A worker that shuts down deletes all its references and goes on at once, although the owner has not ' +
    'answered whether one of them was created. The answer comes to a worker that has forgotten everything, and ' +
    'the value stays.',
  fix: 'Shutdown waits twice: until all references are confirmed, and until those of others are gone.',
  property: 'P1',
  system: (isOn) => unconfirmedAtEnd(hardened(['shutdown.noWaitPending'], isOn)),
};
