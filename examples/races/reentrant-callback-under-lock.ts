import { callsOfTwo } from '../tutorials/chained-futures.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A worker connects to one peer while the answer of another comes. */
export const exhibit: Exhibit = {
  id: 'reentrant-callback-under-lock',
  title: 'connecting runs the callback of another call on its own thread',
  of: 'PyTorch',
  component: 'agent',
  tier: 2,
  isLive: false,
  when: 'fixed by #52749',
  variant: 'agent.inlineCallbacksUnderLock',
  links: [
    'https://github.com/pytorch/pytorch/pull/52749',
    'https://github.com/pytorch/pytorch/pull/38929',
  ],
  happens:
    'A send holds the lock of the agent while it connects. The transport may run callbacks that are ' +
    'due on the thread that it is called on; one of them wants the lock, and the thread waits for ' +
    'itself.',
  fix: 'A lock for each pipe, and none that is held while code of others runs.',
  property: 'P15',
  system: (isOn) => callsOfTwo(hardened(['agent.inlineCallbacksUnderLock'], isOn)),
};
