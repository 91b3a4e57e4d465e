import { failingTwice } from '../tutorials/failing-passes.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Backward is called twice on one context; on the other worker both passes fail. */
export const exhibit: Exhibit = {
  id: 'late-gradient-in-cleanup-window',
  title: 'a gradient that comes during the clean-up of its pass fails an assertion',
  of: 'PyTorch',
  component: 'dist-engine',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'de.cleanupNotAtomic',
  links: ['https://github.com/pytorch/pytorch/pull/34638'],
  happens:
    'The clean-up of a failed pass first takes its graph task from the context, and marks the ' +
    'context as free later. A gradient that comes between the two finds a context with a pass, and ' +
    'no pass: an internal assertion fails, and its sender is told.',
  fix: 'Both are done in one critical section.',
  advice: 'After a backward pass has failed leave its context, and begin again in a new one.',
  property: 'P12',
  system: (isOn) => failingTwice(hardened(['de.cleanupNotAtomic'], isOn, { poolSize: 2 })),
};
