/** A crew without threads: its helpers take their turns where a schedule says so. */
import type {
  Answer,
  Crew,
  HelperLink,
  LeaderLink,
  Order,
} from '../../../src/explore/threads/crew.ts';
import { assist } from '../../../src/explore/threads/helper.ts';
import type { Property } from '../../../src/runtime/property.ts';
import type { System } from '../../../src/runtime/system.ts';

/** What a staged crew helps with, and how. */
export interface Staging {
  readonly capacity?: number;
  readonly helpers: number;
  readonly properties: readonly Property[];
  /** Turns that a helper takes before it falls silent; never unless said so. */
  readonly silentAfter?: number;
  /** How many turns helpers take in turn, over and over. */
  readonly turns: readonly number[];
  readonly make: () => System;
}

/** A crew whose helpers each have made the system anew. */
export function stageCrew(staging: Staging): Crew {
  const { capacity, helpers, make, properties, silentAfter = Infinity, turns } = staging;
  let taken = 0;
  const advance = (run: Iterator<unknown>): void => {
    taken += 1;
    if (taken <= silentAfter) run.next();
  };
  const ends = Array.from({ length: helpers }, () => {
    const [to, from]: [Order[], Answer[]] = [[], []];
    const far: LeaderLink = { receive: () => to.shift(), send: (message) => from.push(message) };
    const run = assist(make(), properties, far);
    const link: HelperLink = {
      receive: () => from.shift(),
      send: (message) => {
        to.push(message);
        // So that it is ready from the start.
        advance(run);
      },
    };
    return { link, run };
  });
  let turn = 0;
  const step = (): void => {
    for (const { run } of ends) {
      const count = turns[turn % turns.length] ?? 1;
      turn += 1;
      for (let more = 0; more < count; more += 1) advance(run);
    }
  };
  return {
    restsMax: 50,
    links: ends.map(({ link }) => link),
    rest: () => {
      for (const { run } of ends) advance(run);
    },
    turn: step,
    ...(capacity === undefined ? {} : { capacity }),
  };
}
