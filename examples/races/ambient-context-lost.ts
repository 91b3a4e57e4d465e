import { laterResult } from '../tutorials/late-gradients.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A function whose result comes later, and a backward pass through it. */
export const exhibit: Exhibit = {
  id: 'ambient-context-lost',
  title: 'what runs after a wait is in no autograd context',
  of: 'PyTorch',
  component: 'dist-autograd',
  tier: 1,
  isLive: false,
  when: 'fixed in 1.5.1',
  variant: 'da.noContextInContinuation',
  links: [
    'https://github.com/pytorch/pytorch/issues/38439',
    'https://github.com/pytorch/pytorch/pull/38512',
  ],
  happens:
    'A handler is in the autograd context of its request while it runs on its thread. Its function ' +
    'gives a future, and what follows that runs on another thread, in whatever context that is in. ' +
    'The answer is recorded in none, and a pass through it has no way back.',
  fix: 'What runs after a wait is put into the context of its own request.',
  property: 'P3',
  system: (isOn) => laterResult(hardened(['da.noContextInContinuation'], isOn)),
};
