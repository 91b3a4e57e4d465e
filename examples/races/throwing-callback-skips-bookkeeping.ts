import { unreadableCreation } from '../tutorials/unreadable-messages.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

const switches = ['agent.decrementAfterCallbacks', 'rref.callbackRethrows'] as const;

/** A value is created by a call that cannot be read. */
export const exhibit: Exhibit = {
  id: 'throwing-callback-skips-bookkeeping',
  title: 'an error in a callback leaves the counters as they were',
  of: 'PyTorch',
  component: 'agent',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: switches.join(', '),
  links: ['https://github.com/pytorch/pytorch/pull/38590'],
  happens:
    'The call that is to create a value cannot be unpickled by the owner, which answers with an error. The ' +
    'callback of the call raises that error once more; what stands behind it, the count of calls that are open ' +
    'among it, is never done, and shutdown waits for it without end.',
  fix: 'A scope guard counts down whatever callbacks do, and callbacks do not raise.',
  advice:
    'Pass to `rpc.remote` only what both sides can unpickle (same code on all workers), and end processes that ' +
    'must not hang with `rpc.shutdown(graceful=False)`.',
  property: 'P5',
  system: (isOn) => unreadableCreation(hardened(switches, isOn)),
};
