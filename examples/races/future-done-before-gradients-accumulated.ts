import { tracedCall } from '../tutorials/traced-call.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A backward pass, and a look at its gradients at once. */
export const exhibit: Exhibit = {
  id: 'future-done-before-gradients-accumulated',
  title: 'a pass is reported complete before its gradients are stored',
  of: 'PyTorch',
  component: 'dist-engine',
  tier: 1,
  isLive: false,
  when: 'fixed in 1.5',
  variant: 'de.completeBeforeAccumulate',
  links: ['https://github.com/pytorch/pytorch/pull/31508'],
  happens:
    'The future of a pass wakes who waits for it, and stores the gradients in a callback. Who reads ' +
    'them at once may read too early.',
  fix: 'A second future is completed by the callback, and that one is waited for.',
  property: 'P10',
  system: (isOn) => tracedCall(hardened(['de.completeBeforeAccumulate'], isOn)),
};
