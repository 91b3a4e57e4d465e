import { rayRemovals } from '../systems/ray-removals.ts';
import type { Exhibit } from './exhibit.ts';

export const exhibit: Exhibit = {
  id: 'ray-strikes-twice',
  title: 'a borrower says goodbye and dies, and is struck off twice',
  of: 'Ray',
  component: 'reference counting',
  isLive: false,
  when: 'fixed by #60495',
  variant: 'the failure of the connection strikes off whoever has said goodbye already',
  links: ['https://github.com/ray-project/ray/pull/60495'],
  happens:
    'A borrower publishes that it has dropped the object, and dies at once. The message and ' +
    'the failure of the connection are both handled, and the second finds nothing to strike ' +
    'off: the owner crashes on an assertion.',
  fix: 'One end ends it: whatever comes second finds the subscription gone and does nothing.',
  property: 'a borrower is struck off once',
  system: (isOn) => rayRemovals(isOn ? { bug: 'strikes-twice' } : {}),
  meanings: {
    'object.dropped': 'the program of {at} drops the object',
    'process.killed': '{at} is killed',
    'removal.published': '{from} publishes that it has dropped the object',
    'process.gone': 'the connection to {from} breaks',
    'publisher.failed': 'the owner hears that the connection has failed',
  },
};
