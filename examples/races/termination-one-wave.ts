import { terminationDetection } from '../protocols/termination-detection.ts';
import type { Exhibit } from './exhibit.ts';

export const exhibit: Exhibit = {
  id: 'termination-one-wave',
  title: 'each was idle when it was asked, and all of them never were',
  of: 'textbook',
  component: 'termination',
  isLive: false,
  when: 'ruled out by EWD 998',
  variant: 'it is enough that each node was passive when the token passed it',
  links: [
    'https://www.cs.utexas.edu/~EWD/transcriptions/EWD09xx/EWD998.html',
    'https://github.com/pytorch/pytorch/issues/26944',
  ],
  happens:
    'A token goes round and finds each node idle. Behind it, one that is still working gives ' +
    'work to one that was idle: the end is announced, and work goes on. It is the shape of ' +
    '`termination-local-idle-is-not-global-idle`.',
  fix:
    'Safra: count what was sent and received, and go round again where somebody has received ' +
    'since.',
  property: 'announced only when over',
  system: (isOn) => terminationDetection({ ...(isOn ? { bug: 'naive' } : {}), gifts: 1, nodes: 3 }),
  meanings: {
    'token.passed': '{from} passes the token to {to}',
    'work.shared': '{at} gives work away',
    'work.given': '{from} gives {to} work',
    'work.done': '{at} has done its work',
  },
};
