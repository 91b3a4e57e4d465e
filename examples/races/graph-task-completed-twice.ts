import { gradOfTwoDevices } from '../tutorials/local-passes.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** The gradients of a sum by its two terms, which lie on two devices. */
export const exhibit: Exhibit = {
  id: 'graph-task-completed-twice',
  title: 'the wrong thread completes a pass, with empty gradients',
  of: 'PyTorch',
  component: 'engine',
  tier: 1,
  isLive: false,
  when: 'fixed in 1.6',
  variant: 'engine.moveThenComplete',
  links: ['https://github.com/pytorch/pytorch/pull/36640'],
  happens:
    'Two threads see that nothing of a pass is left. Each moves the gradients out of it before it ' +
    'completes the future: the second one finds none, and may complete it first.',
  fix:
    'A thread first notes that it completes the pass, in one step with a look whether another one ' +
    'does.',
  property: 'P10',
  system: (isOn) => gradOfTwoDevices(hardened(['engine.moveThenComplete'], isOn)),
};
