import { backAndForth } from '../tutorials/late-gradients.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A call that calls back, and a backward pass through both. */
export const exhibit: Exhibit = {
  id: 'gradient-rpc-blocks-thread',
  title: 'each gradient occupies a thread until its whole pass is over',
  of: 'PyTorch',
  component: 'dist-engine',
  tier: 1,
  isLive: false,
  when: 'fixed in 1.5',
  variant: 'de.blockingGradientHandler',
  links: [
    'https://github.com/pytorch/pytorch/issues/26359',
    'https://github.com/pytorch/pytorch/pull/31230',
    'https://github.com/pytorch/pytorch/pull/31508',
  ],
  happens:
    'The handler of a gradient waits for the pass on its worker, and that waits for gradients from ' +
    'others. With one thread the gradient that it waits for is queued behind it.',
  fix: 'A gradient is answered when its pass is over, by a callback: its handler leaves the thread.',
  property: 'P11',
  system: (isOn) => backAndForth(hardened(['de.blockingGradientHandler'], isOn)),
};
