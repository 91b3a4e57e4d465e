import { onDevice } from '../tutorials/local-passes.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Backward from a sum on a device. */
export const exhibit: Exhibit = {
  id: 'lost-notify',
  title: 'a wake-up comes between a look and the sleep that follows',
  of: 'PyTorch',
  component: 'engine',
  tier: 3,
  isLive: false,
  when: 'fixed in 0.2',
  variant: 'engine.notifyUnlocked',
  links: [
    'https://github.com/pytorch/pytorch/issues/1136',
    'https://github.com/pytorch/pytorch/pull/1140',
  ],
  happens:
    'The owner of a pass finds it incomplete. The thread of a device completes it and wakes the ' +
    'owner, which does not sleep yet; then it falls asleep.',
  fix: 'Look and sleep are one step under a lock, and so is the wake-up.',
  property: 'P3',
  system: (isOn) => onDevice(hardened(['engine.notifyUnlocked'], isOn)),
};
