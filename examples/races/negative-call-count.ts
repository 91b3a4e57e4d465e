import { unmappedTensor } from '../tutorials/chained-futures.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A call cannot be sent. */
export const exhibit: Exhibit = {
  id: 'negative-call-count',
  title: 'a call that failed to be sent is counted down, not up',
  of: 'PyTorch',
  component: 'agent',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'agent.registerBeforeCount',
  links: [
    'https://github.com/pytorch/pytorch/pull/45783',
    'https://github.com/pytorch/pytorch/pull/38448',
  ],
  happens:
    'A call is put in the table, then it cannot be sent, and only after that it would have been counted. When ' +
    'the pipe fails, everything in the table is counted down, so the count is below zero, and later calls that ' +
    'are open read as none.',
  fix: 'A call is put in the table and counted by one guard, after the last thing that can fail.',
  advice:
    'Declare device maps for all devices whose tensors you pass, so that no send fails; do not trust ' +
    '`client_active_calls` after one has.',
  property: 'P5',
  system: (isOn) => unmappedTensor(hardened(['agent.registerBeforeCount'], isOn)),
};
