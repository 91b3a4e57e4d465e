import { chainedCall } from '../tutorials/chained-futures.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A function is chained to a call. */
export const exhibit: Exhibit = {
  id: 'future-check-then-act',
  title: 'a callback is added to a future that is complete by then',
  of: 'PyTorch',
  component: 'future',
  tier: 2,
  isLive: false,
  when: 'fixed by #54463',
  variant: 'future.checkThenAct',
  links: [
    'https://github.com/pytorch/pytorch/pull/33365',
    'https://github.com/pytorch/pytorch/issues/53717',
    'https://github.com/pytorch/pytorch/pull/54463',
  ],
  happens:
    'A thread sees that a future is not complete. Another one completes it and runs its callbacks. The first ' +
    'adds its own callback to a list that nobody will run again.',
  fix: 'Looking and adding are one critical section; late callbacks run at once.',
  property: 'P3',
  system: (isOn) => chainedCall(hardened(['future.checkThenAct'], isOn)),
};
