import { unreadReference } from '../tutorials/small-programs.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A reference is passed on and let go of. */
export const exhibit: Exhibit = {
  id: 'destructor-under-lock',
  title: 'dropping the last handle while the tables are locked',
  of: 'PyTorch',
  component: 'rref',
  tier: 2,
  isLive: false,
  when: 'fixed by #34610',
  variant: 'rref.destroyUnderLock',
  links: [
    'https://github.com/pytorch/pytorch/pull/34610',
    'https://github.com/pytorch/pytorch/pull/31893',
  ],
  happens:
    'A worker erases an entry of its tables under their lock. It was the last handle of the reference, so its ' +
    'destructor sends a delete, which wants the same lock.',
  fix: 'The entry is moved out, and dropped once the lock is free.',
  property: 'P3',
  system: (isOn) => unreadReference(hardened(['rref.destroyUnderLock'], isOn)),
};
