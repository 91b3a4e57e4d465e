import { writtenReference } from '../tutorials/small-programs.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A reference is pickled, and sent to nobody. */
export const exhibit: Exhibit = {
  id: 'rref-leak-at-shutdown-family',
  title: 'pickling a reference makes a copy that nobody receives',
  of: 'PyTorch',
  component: 'rref',
  tier: 3,
  isLive: false,
  when: 'fixed by #32966',
  variant: 'rref.forkOnAnyPickle',
  links: [
    'https://github.com/pytorch/pytorch/pull/32966',
    'https://github.com/pytorch/pytorch/issues/30105',
  ],
  happens:
    'Whatever pickles a reference notes a child of it, also where it is written to a file or a queue and no message ' +
    'carries it. Nobody accepts that child, so its parent and the value stay until the shutdown, and beyond.',
  fix: 'A reference can be pickled only for a message.',
  property: 'P1',
  system: (isOn) => writtenReference(hardened(['rref.forkOnAnyPickle'], isOn)),
};
