import { rayBorrowers } from '../systems/ray-borrowers.ts';
import type { Exhibit } from './exhibit.ts';
import { rayBorrowersMeanings } from './meanings.ts';

export const exhibit: Exhibit = {
  id: 'ray-waits-in-vain',
  title: 'the owner asks to be told of a drop that has been already',
  of: 'Ray',
  component: 'reference counting',
  isLive: false,
  when: 'fixed for actors by #9330',
  variant: 'a borrower that has dropped the object does not answer who asks afterwards',
  links: [
    'https://github.com/ray-project/ray/issues/18552',
    'https://github.com/ray-project/ray/pull/9330',
  ],
  happens:
    'The owner lends an object and asks the borrower, with a call of its own, to answer when ' +
    'it has dropped it. The borrower drops the object before the call is there, which then ' +
    'waits for a drop that will not come again: the owner keeps the object for ever.',
  fix: 'Look before you wait: a borrower that has nothing (any more) answers at once.',
  property: 'lists only who uses it',
  system: (isOn) => rayBorrowers(isOn ? { bug: 'waits-in-vain' } : {}),
  meanings: rayBorrowersMeanings,
};
