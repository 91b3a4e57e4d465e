import type {
  Answer,
  Crew,
  HelperLink,
  LeaderLink,
  Order,
} from '../../../src/explore/threads/crew.ts';
import { assist } from '../../../src/explore/threads/helper.ts';
/** A crew without threads: its helpers take their turns where a schedule says so. */
import type { Property } from '../../../src/runtime/property.ts';
import type { System } from '../../../src/runtime/system.ts';

/** What a staged crew helps with, and how. */
export interface Staging {
  readonly capacity?: number;
  readonly helpers: number;
  readonly properties: readonly Property[];
  /** How many turns helpers take in turn, over and over. */
  readonly turns: readonly number[];
  readonly make: () => System;
}

/** A crew whose helpers each have made the system anew. */
export function stageCrew({ capacity, helpers, make, properties, turns }: Staging): Crew {
  const ends = Array.from({ length: helpers }, () => {
    const [to, from]: [Order[], Answer[]] = [[], []];
    const far: LeaderLink = { receive: () => to.shift(), send: (message) => from.push(message) };
    const run = assist(make(), properties, far);
    const link: HelperLink = {
      receive: () => from.shift(),
      send: (message) => {
        to.push(message);
        // So that it is ready from the start.
        run.next();
      },
    };
    return { link, run };
  });
  let turn = 0;
  const step = (): void => {
    for (const { run } of ends) {
      const count = turns[turn % turns.length] ?? 1;
      turn += 1;
      for (let taken = 0; taken < count; taken += 1) run.next();
    }
  };
  return {
    links: ends.map(({ link }) => link),
    rest: () => {
      for (const { run } of ends) run.next();
    },
    turn: step,
    ...(capacity === undefined ? {} : { capacity }),
  };
}
