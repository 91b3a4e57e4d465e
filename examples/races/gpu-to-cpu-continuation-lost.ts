import { thereAndBack } from '../tutorials/late-gradients.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A backward pass that goes from the CPU to a device and back. */
export const exhibit: Exhibit = {
  id: 'gpu-to-cpu-continuation-lost',
  title: 'what goes back from a device to the CPU is queued for a thread that has ended',
  of: 'PyTorch',
  component: 'dist-engine',
  tier: 2,
  isLive: false,
  when: 'fixed in 1.6',
  variant: 'de.noContinuationThread',
  links: [
    'https://github.com/pytorch/pytorch/pull/40255',
    'https://github.com/pytorch/pytorch/issues/40312',
    'https://github.com/pytorch/pytorch/pull/42511',
  ],
  happens:
    'A thread of the CPU runs its part of a pass, hands on to the thread of a device and ends with ' +
    'its queue. The device is through and queues the next node for the CPU, where nobody takes it.',
  fix: 'A thread of its own takes what goes back to the CPU.',
  property: 'P3',
  system: (isOn) => thereAndBack(hardened(['de.noContinuationThread'], isOn)),
};
