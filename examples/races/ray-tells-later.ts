import { rayBorrowers } from '../systems/ray-borrowers.ts';
import type { Exhibit } from './exhibit.ts';
import { rayBorrowersMeanings } from './meanings.ts';

export const exhibit: Exhibit = {
  id: 'ray-tells-later',
  title: 'a borrower dies before it has told the owner to whom it has lent on',
  of: 'Ray',
  component: 'reference counting',
  isLive: true,
  when: 'by design',
  variant: 'a borrower tells the owner of another one only when it is asked',
  links: [
    'https://github.com/ray-project/ray/pull/9049',
    'https://github.com/ray-project/ray/pull/16833',
    'https://github.com/ray-project/ray/pull/63560',
  ],
  happens:
    'A borrower lends the object on to another, of whom it will tell the owner when it is ' +
    'asked. It dies before. The owner strikes it off its list, which is empty now, and frees ' +
    'the object under the other.',
  fix:
    'As Birrell has it, and not Ray: each process has itself listed at the owner before it ' +
    'uses what it has, and who lends keeps its own reference until then. Ray makes the other ' +
    'fail cleanly instead.',
  advice:
    'Keep a reference where the object was made (or in the driver) for as long as those may ' +
    'live to whom a borrower lends it on, and be ready for ' +
    '`ReferenceCountingAssertionError` in `ray.get`.',
  property: 'freed while somebody uses it',
  system: (isOn) => rayBorrowers(isOn ? { bug: 'tells-later', deaths: true } : { deaths: true }),
  meanings: rayBorrowersMeanings,
};
