import { partlyOnDevice } from '../tutorials/local-passes.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Backward from the sum of a leaf on a device and one that lies on none. */
export const exhibit: Exhibit = {
  id: 'loser-returns-before-winner-finished',
  title: 'a thread takes the mark that somebody completes the pass for its completion',
  of: 'PyTorch',
  component: 'engine',
  tier: 1,
  isLive: false,
  when: 'fixed in 1.6',
  variant: 'engine.flagMeansDone',
  links: [
    'https://github.com/pytorch/pytorch/issues/36788',
    'https://github.com/pytorch/pytorch/pull/36863',
    'https://github.com/pytorch/pytorch/pull/36856',
  ],
  happens:
    'Two threads see that nothing of a pass is left. One marks that it completes it; the owner sees ' +
    'the mark, goes on at once, and asserts that the pass is complete.',
  fix: 'The owner waits for the future of the pass.',
  property: 'P12',
  system: (isOn) => partlyOnDevice(hardened(['engine.flagMeansDone'], isOn)),
};
