import { sharingAmongUsers } from '../tutorials/sharing.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A reference is passed to a function that reads it. */
export const exhibit: Exhibit = {
  id: 'udf-before-args-confirmed',
  title: 'a function runs before the owner knows the references in its arguments',
  of: 'PyTorch',
  component: 'rref',
  tier: 1,
  isLive: false,
  when: 'fixed by #34497',
  variant: 'rref.runUdfUnconfirmed',
  links: [
    'https://github.com/pytorch/pytorch/issues/27098',
    'https://github.com/pytorch/pytorch/pull/34497',
  ],
  happens:
    'A worker receives a reference as an argument and asks its owner to note the copy. It does not wait for ' +
    'the answer: the function runs, and may pass the reference on or let go of it before the owner knows of ' +
    'it.',
  fix: 'The function waits until all references among its arguments are confirmed.',
  property: 'S8',
  system: (isOn) => sharingAmongUsers(hardened(['rref.runUdfUnconfirmed'], isOn)),
};
