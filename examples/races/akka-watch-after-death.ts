import { akkaWatch } from '../systems/akka-watch.ts';
import type { Exhibit } from './exhibit.ts';
import { akkaWatchMeanings } from './meanings.ts';

export const exhibit: Exhibit = {
  id: 'akka-watch-after-death',
  title: 'a watch that comes after the end is never answered',
  of: 'Akka.NET',
  component: 'actors',
  isLive: false,
  when: 'closed as #1646',
  variant: 'whoever watches an actor that has stopped already hears nothing',
  links: [
    'https://github.com/akkadotnet/akka.net/issues/1646',
    'https://github.com/akka/akka-core/pull/1340',
  ],
  happens:
    'An actor is told of another and watches it. The other has stopped before the watch is ' +
    'there, and nobody is left to answer: the watcher waits for a notice that will not come. The issue shows the same shape for ' +
    'remote actors.',
  fix:
    'That somebody is gone is an answer too: whoever watches what has stopped is told at ' +
    'once.',
  property: 'whoever watches hears of the end',
  system: (isOn) => akkaWatch(isOn ? { bug: 'forgets-the-dead' } : {}),
  meanings: akkaWatchMeanings,
};
