import { twoGradients } from '../tutorials/late-gradients.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A backward pass may time out while the answer to one of its two gradients is out. */
export const exhibit: Exhibit = {
  id: 'callback-captures-raw-context',
  title: 'a callback uses its context without holding it',
  of: 'PyTorch',
  component: 'dist-autograd',
  tier: 3,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'da.rawContextInCallback',
  links: [
    'https://github.com/pytorch/pytorch/blob/v2.6.0/torch/csrc/distributed/autograd/context/context.cpp',
  ],
  happens:
    'What is to happen when a gradient is answered holds no reference to its autograd context, only ' +
    'its place in memory. The pass fails for another reason, the context is released and freed, and ' +
    'then the answer comes.',
  fix: 'The callback holds the context, or looks whether it is still there.',
  advice:
    'Give `backward` time enough (`rpc_timeout`), and do not leave the context in the moment in which ' +
    'a pass has failed: wait until the calls of the other branches are over.',
  property: 'P12',
  system: (isOn) =>
    twoGradients(hardened(['da.rawContextInCallback'], isOn, { faults: { early: 1 } })),
};
