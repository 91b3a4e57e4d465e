import { unmappedTensor } from '../tutorials/chained-futures.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A call cannot be sent. */
export const exhibit: Exhibit = {
  id: 'leaked-active-call-on-send-failure',
  title: 'a call that cannot be sent stays counted',
  of: 'PyTorch',
  component: 'agent',
  tier: 2,
  isLive: false,
  when: 'fixed by #45783',
  variant: 'agent.countBeforeWriteNoGuard',
  links: ['https://github.com/pytorch/pytorch/pull/45783'],
  happens:
    'A call is counted, and then it cannot be written. Its error goes to the caller, and nobody counts it ' +
    'down: shutdown waits for it until its time-out.',
  fix: 'A call that cannot be sent is counted down where its error is handled.',
  property: 'P5',
  system: (isOn) => unmappedTensor(hardened(['agent.countBeforeWriteNoGuard'], isOn)),
};
