import { meeting } from '../tutorials/shutting-down.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** All workers meet. */
export const exhibit: Exhibit = {
  id: 'shutdown-intent-lost-update',
  title: 'two reports at once each miss the other',
  of: 'PyTorch',
  component: 'shutdown',
  tier: 1,
  isLive: false,
  when: 'fixed by #36113',
  variant: 'shutdown.intentNoLock',
  links: [
    'https://github.com/pytorch/pytorch/issues/35863',
    'https://github.com/pytorch/pytorch/pull/36113',
  ],
  happens:
    'All members report to the leader of a gather. Each report adds its sender to those that have come, and ' +
    'compares with all. Where reading, adding and comparing are apart, two reports each see a state without ' +
    'the other, and nobody gives the signal to go on.',
  fix: 'Adding and comparing are one critical section.',
  property: 'P3',
  system: (isOn) =>
    meeting(
      hardened(['shutdown.intentNoLock'], isOn, {
        switches: { 'shutdown.noFailureDetection': true },
      }),
    ),
};
