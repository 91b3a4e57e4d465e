import { storeBarrier } from '../systems/store-barrier.ts';
import type { Exhibit } from './exhibit.ts';

export const exhibit: Exhibit = {
  id: 'store-closed-too-early',
  title: 'the rank that keeps the store leaves first',
  of: 'torch.elastic',
  component: 'barrier',
  isLive: false,
  when: 'see #74931',
  variant: 'the first rank leaves, and closes the store, as soon as it has seen all of them',
  links: [
    'https://github.com/pytorch/pytorch/pull/74931',
    'https://github.com/pytorch/pytorch/issues/69520',
  ],
  happens:
    'Each rank counts itself in and asks until all are in. The first rank, which keeps the ' +
    'store, sees so first, leaves, and takes the store with it: the others ask nobody.',
  fix:
    'The last one out closes the door: each rank says that it has seen so, and the keeper ' +
    'waits for that.',
  property: 'a rank finds the store closed',
  system: (isOn) => storeBarrier(isOn ? { bug: 'first-one-out' } : {}),
  meanings: {
    'store.entered': '{from} counts itself in',
    'store.asked': '{from} asks whether all are in',
    'store.complete': 'all are in',
    'store.incomplete': 'not all are in',
    'store.closed': 'the store is gone',
    'store.left': '{from} says that it has seen all of them',
  },
};
