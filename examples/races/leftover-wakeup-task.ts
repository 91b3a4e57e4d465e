import { gradOfTwoDevices } from '../tutorials/local-passes.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** The gradients of a sum by its two terms, which lie on two devices. */
export const exhibit: Exhibit = {
  id: 'leftover-wakeup-task',
  title: 'two threads wake the owner of a pass, which needs one of them',
  of: 'PyTorch',
  component: 'engine',
  tier: 2,
  isLive: false,
  when: 'fixed in 1.6',
  variant: 'engine.decrementThenRead',
  links: ['https://github.com/pytorch/pytorch/pull/35599'],
  happens:
    'Two threads count the last two nodes of a pass, and then both read that none is left. Both put ' +
    'a task into the queue of its owner to wake it. It takes one and leaves; the other stays for a ' +
    'pass that it has nothing to do with.',
  fix: 'Whoever counted the last node wakes the owner: the count says so itself.',
  property: 'P1',
  system: (isOn) => gradOfTwoDevices(hardened(['engine.decrementThenRead'], isOn)),
};
