import { akkaWatch } from '../systems/akka-watch.ts';
import type { Exhibit } from './exhibit.ts';
import { akkaWatchMeanings } from './meanings.ts';

export const exhibit: Exhibit = {
  id: 'akka-name-reuse',
  title: 'a notice of death is taken for that of the next bearer of the name',
  of: 'Akka',
  component: 'actors',
  isLive: false,
  when: 'fixed by #1244',
  variant: 'a notice of death is taken for that of whoever has the name now',
  links: [
    'https://github.com/akka/akka-core/pull/1244',
    'https://doc.akka.io/docs/akka/2.4/general/addressing.html',
  ],
  happens:
    'An actor stops and its name is given to another, whom the same actor watches. The notice ' +
    'that the first has stopped comes after: it is taken for the death of the second, which ' +
    'lives.',
  fix: 'An actor is known by its name and by a number of its own, which no other has ever.',
  property: 'a notice is taken by whom it speaks of',
  system: (isOn) => akkaWatch(isOn ? { bug: 'knows-names-only' } : {}),
  meanings: akkaWatchMeanings,
};
