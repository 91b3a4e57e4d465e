import { waitedForLaterAlike } from '../tutorials/late-gradients.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A context ends, and after it a call of it is waited for that calls on. */
export const exhibit: Exhibit = {
  id: 'outstanding-rpc-at-release',
  title: 'a call outlives the context in which it was made',
  of: 'PyTorch',
  component: 'dist-autograd',
  tier: 3,
  isLive: true,
  when: 'another error since 1.6',
  variant: 'da.releaseIgnoresOpenCalls',
  links: [
    'https://github.com/pytorch/pytorch/issues/38513',
    'https://github.com/pytorch/pytorch/issues/40880',
  ],
  happens:
    'A context ends while a call in it is under way, whose function makes a call of its own. When ' +
    'the end comes first the nested call finds no context and fails; else it works.',
  fix: 'A context ends after the calls that were made in it.',
  advice: 'Wait for every call before its `dist_autograd.context()` block ends.',
  property: 'one end',
  system: (isOn) =>
    waitedForLaterAlike(hardened(['da.releaseIgnoresOpenCalls'], isOn, { poolSize: 2 })),
};
