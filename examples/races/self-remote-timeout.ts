import { remoteToSelf } from '../tutorials/small-programs.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

const switches = [
  'rref.selfRemoteRequiresOwner',
  // The time-out takes the OwnerRRef along, and nobody calls the call off.
  'rref.erasesUncreatedOwners',
  'rref.noForkRollback',
] as const;

/** A worker creates a value on itself, and that times out. */
export const exhibit: Exhibit = {
  id: 'self-remote-timeout',
  title: 'a remote call to oneself that times out fails an assertion',
  of: 'PyTorch',
  component: 'rref',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: switches.join(', '),
  links: [
    'https://github.com/pytorch/pytorch/issues/71029',
    'https://github.com/pytorch/pytorch/issues/73294',
    'https://github.com/pytorch/pytorch/pull/41217',
  ],
  happens:
    'A worker that creates a value on itself lists its OwnerRRef at once. The time-out of the call takes it off ' +
    'the list while the function still runs; when that ends, the worker asserts that the OwnerRRef is there.',
  fix: 'A result whose OwnerRRef is gone is not wanted any more and is let go of.',
  advice: 'Call your own worker without a time-out (`timeout=0`), or call the function directly.',
  property: 'P12',
  system: (isOn) => remoteToSelf(hardened(switches, isOn, { faults: { early: 1 }, workers: 1 })),
};
