import { twoPassesOfOneLeaf } from '../tutorials/local-passes.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two threads run backward to one leaf at once. */
export const exhibit: Exhibit = {
  id: 'accumulate-grad-lost-update',
  title: 'two backward passes add to one leaf, and one sum is lost',
  of: 'PyTorch',
  component: 'engine',
  tier: 2,
  isLive: false,
  when: 'never released',
  variant: 'engine.accumulateNoLock',
  links: [
    'https://github.com/pytorch/pytorch/pull/29574',
    'https://github.com/pytorch/pytorch/pull/33157',
  ],
  happens:
    'Each of two passes reads the gradient of a leaf, adds to it and stores the sum. Where both ' +
    'read before either has stored, one addition is lost.',
  fix: 'A node that accumulates has a lock.',
  property: 'P10',
  system: (isOn) =>
    twoPassesOfOneLeaf(hardened(['engine.accumulateNoLock'], isOn, { poolSize: 2 })),
};
