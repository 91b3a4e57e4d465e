import { capnpRelease } from '../systems/capnp-release.ts';
import type { Exhibit } from './exhibit.ts';

export const exhibit: Exhibit = {
  id: 'capnp-release-crosses-send',
  title: 'a release crosses a message with the same capability',
  of: "Cap'n Proto",
  component: 'reference counting',
  isLive: false,
  when: 'ruled out by its protocol',
  variant: 'a release gives up all references, those that are still on their way among them',
  links: ['https://github.com/capnproto/capnproto/blob/master/c++/src/capnp/rpc.capnp'],
  happens:
    'One vat sends a capability, and the other drops it and says so. Meanwhile the first ' +
    'sends it again. Its table forgets the capability with the release, and the other has one ' +
    'that leads nowhere.',
  fix:
    'A release carries how often the capability was received: what is sent in the meantime is ' +
    'not given up with it.',
  property: 'released while it is imported, or on its way',
  system: (isOn) => capnpRelease(isOn ? { bug: 'releases-all' } : {}),
  meanings: {
    'capability.sent': 'the program of {at} sends the capability',
    'capability.dropped': 'the program of {at} drops the capability',
    'capnp.call': '{from} sends {to} the capability',
    'capnp.release': '{from} releases the capability',
  },
};
