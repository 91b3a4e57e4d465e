import { onDevice } from '../tutorials/local-passes.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Backward from a sum on a device. */
export const exhibit: Exhibit = {
  id: 'task-enqueued-before-initialised',
  title: 'a pass is queued before it knows its owner',
  of: 'PyTorch',
  component: 'engine',
  tier: 1,
  isLive: false,
  when: 'fixed in 1.8',
  variant: 'engine.publishBeforeInit',
  links: [
    'https://github.com/pytorch/pytorch/issues/49652',
    'https://github.com/pytorch/pytorch/pull/50164',
  ],
  happens:
    'The first node of a pass is queued for the thread of a device, and the owner of the pass is ' +
    'noted after that. The device may have run everything by then: it finds nobody to wake, and the ' +
    'owner sleeps for ever.',
  fix: 'The owner is noted first.',
  property: 'P12',
  system: (isOn) => onDevice(hardened(['engine.publishBeforeInit'], isOn)),
};
