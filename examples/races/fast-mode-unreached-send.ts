import { ms } from '../../src/index.ts';
import { oneOfTwoCalls } from '../tutorials/late-gradients.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two calls in one context, and backward through the first. */
export const exhibit: Exhibit = {
  id: 'fast-mode-unreached-send',
  title: 'a pass whose roots do not reach every message never ends',
  of: 'PyTorch',
  component: 'dist-engine',
  tier: 3,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'backward: fast, or smart',
  links: ['https://github.com/pytorch/pytorch/issues/26759'],
  happens:
    'In FAST mode a worker takes for granted that a pass needs all the messages that it sent in the ' +
    'context, and waits for a gradient for each. Backward through one of two calls never ends, in ' +
    'whatever order messages come: the design, and no race.',
  fix: 'SMART mode finds out first which messages a pass needs.',
  advice:
    'Use all results of the calls that are made in a context, or open a context for each pass.',
  property: 'P3',
  system: (isOn) =>
    oneOfTwoCalls(hardened([], isOn, { backwardMode: isOn ? 'fast' : 'smart', rpcTimeout: ms(0) })),
};
