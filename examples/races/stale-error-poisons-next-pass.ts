import { passAfterFailure } from '../tutorials/failing-passes.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two gradients of a pass fail; the next pass on the same context needs neither. */
export const exhibit: Exhibit = {
  id: 'stale-error-poisons-next-pass',
  title: 'the late error of a failed pass fails the next one',
  of: 'PyTorch',
  component: 'dist-engine',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'de.errorToCurrentTask',
  links: [
    'https://github.com/pytorch/pytorch/pull/31230',
    'https://github.com/pytorch/pytorch/issues/40093',
  ],
  happens:
    'A pass sends two gradients, and fails by the error of the first. The next pass on the context ' +
    'has begun when the second error comes: it is noted on whatever pass the context has now.',
  fix: 'The error of a gradient is noted on the pass that sent it.',
  advice: 'After a backward pass has failed leave its context, and begin again in a new one.',
  property: 'P10',
  system: (isOn) => passAfterFailure(hardened(['de.errorToCurrentTask'], isOn)),
};
