import { givenUp } from '../tutorials/late-gradients.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A call in a context, which may time out; the context ends then. */
export const exhibit: Exhibit = {
  id: 'cleanup-overtakes-forward',
  title: 'the end of a context is handled before a call in it',
  of: 'PyTorch',
  component: 'dist-autograd',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'da.cleanupUnknownIsNoop',
  links: [
    'https://github.com/pytorch/pytorch/pull/27951',
    'https://github.com/pytorch/pytorch/pull/28124',
    'https://github.com/pytorch/pytorch/pull/32497',
  ],
  happens:
    'A call in a context waits at its callee while the message that ends the context is handled at ' +
    'once: it finds no such context and does nothing. Then the call runs and makes the context, ' +
    'which nobody will end.',
  fix:
    'The end of a context that is not known is remembered, and a call in it that comes later is ' +
    'refused.',
  advice:
    'Let no call in a context time out, and leave the context only when all its calls have ' +
    'returned.',
  property: 'P1',
  system: (isOn) =>
    givenUp(
      hardened(['da.cleanupUnknownIsNoop'], isOn, {
        faults: { early: 1 },
        poolSize: 2,
        // Else the context that is left is given up in time.
        switches: { 'da.noLease': true },
      }),
    ),
};
