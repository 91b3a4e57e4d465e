import { failingTwice } from '../tutorials/failing-passes.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Backward is called twice on one context; on the other worker both passes fail. */
export const exhibit: Exhibit = {
  id: 'late-gradient-restarts-engine',
  title: 'a late gradient of a failed pass begins another that cannot end',
  of: 'PyTorch',
  component: 'dist-engine',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'de.restartAfterFailure',
  links: [
    'https://github.com/pytorch/pytorch/pull/34638',
    'https://github.com/pytorch/pytorch/issues/29787',
  ],
  happens:
    'A pass fails and is cleaned up while a gradient of it is under way. When that arrives no pass ' +
    'is known, so it counts as the first gradient of a new one, which waits for all others: they ' +
    'never come. The next backward on the context fails by an internal assertion.',
  fix:
    'A pass has a name that travels with its gradients, and those of a pass that is over are ' +
    'refused.',
  advice: 'After a backward pass has failed leave its context, and begin again in a new one.',
  property: 'P12',
  system: (isOn) => failingTwice(hardened(['de.restartAfterFailure'], isOn, { poolSize: 2 })),
};
