import { referenceListing } from '../protocols/reference-listing.ts';
import type { Exhibit } from './exhibit.ts';
import { referenceListingMeanings } from './meanings.ts';

export const exhibit: Exhibit = {
  id: 'naive-reference-counting',
  title: 'an increment travels slower than a decrement',
  of: 'textbook',
  component: 'reference counting',
  isLive: false,
  when: 'ruled out by every protocol',
  variant: 'nobody waits for anybody: who receives a reference is to be counted some time',
  links: ['https://doi.org/10.1145/1108970.1108976'],
  happens:
    'Whoever receives a reference tells the owner, and uses it; whoever drops one tells the ' +
    'owner. The message of the one who drops overtakes that of the one who has received: ' +
    'nothing is counted, and the object is collected while somebody uses it.',
  fix: 'An acknowledgement: a reference is used when its owner has said that it is listed.',
  property: 'never collected too early',
  system: (isOn) =>
    referenceListing({ ...(isOn ? { bug: 'naive-counting' } : {}), copies: 1, users: 2 }),
  meanings: referenceListingMeanings,
};
