import { referenceListing } from '../protocols/reference-listing.ts';
import type { Exhibit } from './exhibit.ts';
import { referenceListingMeanings } from './meanings.ts';

export const exhibit: Exhibit = {
  id: 'birrell-sends-without-waiting',
  title: 'who has sent a reference on gives up its own while the copy is on its way',
  of: 'Network Objects',
  component: 'reference counting',
  isLive: false,
  when: 'ruled out by its protocol',
  variant: 'who has sent a reference on does not wait until the receiver is listed',
  links: ['https://doi.org/10.1145/1108970.1108976'],
  happens:
    'A process sends its reference to another and has itself struck off the list of the ' +
    'owner. The copy is still on its way, or its receiver is not listed yet: the list is ' +
    'empty and the object is collected.',
  fix:
    'Who sends a reference on keeps its own until the receiver says that it is listed. RRefs ' +
    'follow this rule.',
  property: 'never collected too early',
  system: (isOn) =>
    referenceListing({ ...(isOn ? { bug: 'sends-without-waiting' } : {}), copies: 1, users: 2 }),
  meanings: referenceListingMeanings,
};
