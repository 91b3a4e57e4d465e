import { twoGradients } from '../tutorials/late-gradients.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A pass whose two gradients may time out, whereupon its context ends. */
export const exhibit: Exhibit = {
  id: 'callback-captures-raw-context',
  title: 'the callback of a gradient uses a context that was freed',
  of: 'PyTorch',
  component: 'dist-autograd',
  tier: 3,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'da.rawContextInCallback',
  links: ['https://github.com/pytorch/pytorch/pull/34638'],
  happens:
    'A pass fails by the first of two gradients that it sent, and its context is released. When the ' +
    'second one is over its callback looks into the context, which it does not hold.',
  fix: 'The callback holds the context weakly, and does nothing where that is gone.',
  advice: 'Keep the context open until the time-outs of all gradients of a failed pass are over.',
  property: 'P12',
  system: (isOn) =>
    twoGradients(hardened(['da.rawContextInCallback'], isOn, { faults: { early: 1 } })),
};
