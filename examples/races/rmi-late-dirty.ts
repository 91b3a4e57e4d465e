import { rmiLeases } from '../systems/rmi-leases.ts';
import type { Exhibit } from './exhibit.ts';

export const exhibit: Exhibit = {
  id: 'rmi-late-dirty',
  title: 'a call that was made again comes after the one that undoes it',
  of: 'Java RMI',
  component: 'garbage collection',
  isLive: false,
  when: 'ruled out by its protocol',
  variant: 'the server takes each call as it comes, however old it is',
  links: ['https://docs.oracle.com/javase/8/docs/api/java/rmi/dgc/DGC.html'],
  happens:
    'A client calls `dirty` when it gets a reference and `clean` when it has none any more. A ' +
    'copy of the first call comes after the second: the server lists a client that has ' +
    'nothing. That `dirty` may come twice without harm does not help where it comes after ' +
    '`clean`.',
  fix:
    'Each call of a client has a number that only grows; the server remembers the last one ' +
    'and discards what is older. This is the fix that `late-duplicate-fork-request` lacks.',
  property: 'a call may come twice',
  system: (isOn) => rmiLeases(isOn ? { bug: 'ignores-numbers' } : {}),
  meanings: {
    'reference.gained': 'the program of {at} gets a reference',
    'reference.dropped': 'the program of {at} drops its reference',
    'dgc.dirty': '{from} tells {to} that it has a reference',
    'dgc.clean': '{from} tells {to} that it has none',
    'dgc.done': '{from} answers {to}',
  },
};
