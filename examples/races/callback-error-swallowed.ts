import { brokenCallback } from '../tutorials/chained-futures.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A callback reads the future of a call that fails. */
export const exhibit: Exhibit = {
  id: 'callback-error-swallowed',
  title: 'an error in a callback reaches nobody',
  of: 'PyTorch',
  component: 'future',
  tier: 2,
  isLive: true,
  when: 'PyTorch 2.6, in `add_done_callback`',
  variant: 'future.swallowCallbackErrors',
  links: [
    'https://github.com/pytorch/pytorch/issues/52132',
    'https://github.com/pytorch/pytorch/issues/53212',
  ],
  happens:
    'A callback waits for the result of a failed call, which raises in it. What it would have done ' +
    'after that, completing another future, is not done; the error is logged, and whoever waits for ' +
    'the other future waits for ever.',
  fix: 'The error of a callback is given to what waits for it.',
  advice:
    'Use `then`, whose future fails with the callback, in place of `add_done_callback`, and complete ' +
    'futures of your own in a `try` with `set_exception`.',
  property: 'P3',
  system: (isOn) => brokenCallback(hardened(['future.swallowCallbackErrors'], isOn)),
};
