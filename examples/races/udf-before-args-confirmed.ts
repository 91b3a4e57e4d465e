import { unreadReference } from '../tutorials/small-programs.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

const switches = ['rref.runUdfUnconfirmed', 'rref.deleteUnknownForkIsNoop'] as const;

/** A reference is passed to a function that does not read it. */
export const exhibit: Exhibit = {
  id: 'udf-before-args-confirmed',
  title: 'a function runs before the owner knows the references in its arguments',
  of: 'PyTorch',
  component: 'rref',
  tier: 1,
  isLive: false,
  when: 'fixed by #34497',
  variant: switches.join(', '),
  links: [
    'https://github.com/pytorch/pytorch/issues/27098',
    'https://github.com/pytorch/pytorch/pull/34497',
  ],
  happens:
    'A worker receives a reference as an argument and asks its owner to note the copy. Meanwhile the function ' +
    'has run and let go of the copy. The delete reaches the owner first, which does not know the copy; then ' +
    'the request, and nobody will ever delete what it notes.',
  fix: 'The function waits until all references among its arguments are confirmed.',
  property: 'P1',
  system: (isOn) => unreadReference(hardened(switches, isOn)),
};
