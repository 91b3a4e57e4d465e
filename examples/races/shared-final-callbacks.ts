import { finalCallback } from '../tutorials/local-passes.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A pass has a function to call at its end, while another thread runs a pass too. */
export const exhibit: Exhibit = {
  id: 'shared-final-callbacks',
  title: 'a callback of one backward pass is called by another',
  of: 'PyTorch',
  component: 'engine',
  tier: 2,
  isLive: false,
  when: 'fixed in 1.6',
  variant: 'engine.globalCallbacks',
  links: [
    'https://github.com/pytorch/pytorch/issues/12106',
    'https://github.com/pytorch/pytorch/issues/24965',
    'https://github.com/pytorch/pytorch/pull/35066',
  ],
  happens:
    'The engine keeps one list of what is to be called at the end of passes. A pass that ends first ' +
    'calls what another one has put there, before that has its gradients.',
  fix: 'Each pass has a list of its own.',
  property: 'P10',
  system: (isOn) => finalCallback(hardened(['engine.globalCallbacks'], isOn)),
};
