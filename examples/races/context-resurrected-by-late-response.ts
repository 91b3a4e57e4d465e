import { leftBehind } from '../tutorials/late-gradients.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A context ends although nobody has waited for its call. */
export const exhibit: Exhibit = {
  id: 'context-resurrected-by-late-response',
  title: 'a late answer brings back a context that was released',
  of: 'PyTorch',
  component: 'dist-autograd',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'da.createOnResponse, da.releaseIgnoresOpenCalls',
  links: [
    'https://github.com/pytorch/pytorch/pull/38513',
    'https://github.com/pytorch/pytorch/issues/40880',
    'https://github.com/pytorch/pytorch/issues/61920',
  ],
  happens:
    'A context ends while a call in it is under way. Its answer comes afterwards, and whoever gets ' +
    'an answer in a context that it does not know makes that context. Nobody ends it a second time.',
  fix: 'An answer makes no context, and a context ends after the calls that were made in it.',
  advice: 'Wait for every call before its `dist_autograd.context()` block ends.',
  property: 'P1',
  system: (isOn) =>
    leftBehind(
      hardened(['da.createOnResponse', 'da.releaseIgnoresOpenCalls'], isOn, { poolSize: 2 }),
    ),
};
