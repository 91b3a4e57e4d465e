import { nestedCalls } from '../tutorials/small-programs.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A call calls back. */
export const exhibit: Exhibit = {
  id: 'gil-lock-order-deadlock',
  title: 'a thread that waits keeps the lock of the interpreter',
  of: 'PyTorch',
  component: 'init',
  tier: 2,
  isLive: false,
  when: 'fixed by #34505 and others',
  variant: 'lock.gilHeldWhileWaiting',
  links: [
    'https://github.com/pytorch/pytorch/issues/34504',
    'https://github.com/pytorch/pytorch/pull/34505',
    'https://github.com/pytorch/pytorch/issues/45082',
    'https://github.com/pytorch/pytorch/pull/56786',
  ],
  happens:
    'A program calls a peer and keeps the lock of the interpreter while it waits. What it called calls back, ' +
    'and cannot run for want of that lock.',
  fix: 'The lock is free while a thread waits.',
  property: 'P3',
  system: (isOn) => nestedCalls(hardened(['lock.gilHeldWhileWaiting'], isOn)),
};
