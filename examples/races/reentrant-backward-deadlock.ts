import { passWithinPass } from '../tutorials/local-passes.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A hook of a backward pass runs another. */
export const exhibit: Exhibit = {
  id: 'reentrant-backward-deadlock',
  title: 'a backward pass within another waits for its own thread',
  of: 'PyTorch',
  component: 'engine',
  tier: 2,
  isLive: false,
  when: 'fixed in 1.2',
  variant: 'engine.noReentrantLoop',
  links: [
    'https://github.com/pytorch/pytorch/issues/6191',
    'https://github.com/pytorch/pytorch/issues/18568',
    'https://github.com/pytorch/pytorch/pull/18949',
    'https://github.com/pytorch/pytorch/pull/21911',
  ],
  happens:
    'A thread of the engine evaluates a node whose function calls backward, which waits for a ' +
    'thread of the engine: for the one that waits.',
  fix: 'A thread serves its queue while it waits.',
  property: 'P3',
  system: (isOn) => passWithinPass(hardened(['engine.noReentrantLoop'], isOn)),
};
