import { unreadReference } from '../tutorials/small-programs.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

const switches = ['rref.noTombstones', 'agent.servesTwice'] as const;

/** A reference is passed on, and one message may come twice. */
export const exhibit: Exhibit = {
  id: 'late-duplicate-fork-request',
  title: 'a copy of a request revives a copy that was deleted',
  of: 'PyTorch',
  component: 'rref',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: switches.join(', '),
  links: ['https://github.com/pytorch/pytorch/issues/26759'],
  happens:
    'A request to note a copy of a reference comes twice. Between the two the copy was used and deleted, and ' +
    'with it the value. The second one notes a copy of what is no more.',
  fix: 'The owner remembers which copies were deleted, and messages have names by which a second one is known.',
  advice: 'Keep one reference of your own until all that you passed it to have answered.',
  property: 'P8',
  system: (isOn) => unreadReference(hardened(switches, isOn, { faults: { duplicate: 1 } })),
};
