/** What makes steps of the runs that were looked at depend on one another: it limits the reduction. */
import type { WorldProperty } from '../../runtime/property.ts';
import { clashOf } from './footprint.ts';
import type { Taken } from './footprint.ts';
import { bitsIn } from './gaze.ts';
import { resourceWords } from './resource.ts';

/** So many pairs of steps, one right after the other, depend on one another by what is named. */
export interface Clash {
  readonly pairs: number;
  readonly what: string;
}

/** The pairs so far. */
export interface Clashes {
  readonly add: (earlier: Taken, later: Taken) => void;
  /** By what they depend, most first. */
  readonly all: () => readonly Clash[];
  /** The property whose reading made most pairs dependent that were not otherwise. */
  readonly worst: () => { readonly pairs: number; readonly property: string } | undefined;
}

/** No pairs yet; `properties` are those that steps are seen by. */
export function createClashes(properties: readonly WorldProperty[]): Clashes {
  const byResource = new Map<number, number>();
  const byProperty = new Map<number, number>();
  return {
    add: (earlier, later) => {
      const clash = clashOf(earlier, later);
      if (clash !== undefined) more(byResource, clash);
      else if (earlier.offer.id !== later.offer.id) {
        for (const bit of bitsIn(earlier.seen & later.seen)) more(byProperty, bit);
      }
    },
    all: () => {
      const words = new Map<string, number>();
      for (const [one, pairs] of byResource) {
        const what = resourceWords(one);
        words.set(what, (words.get(what) ?? 0) + pairs);
      }
      for (const [bit, pairs] of byProperty) {
        words.set(`what "${properties[bit]?.name ?? 'a property'}" reads`, pairs);
      }
      return [...words]
        .map(([what, pairs]) => ({ pairs, what }))
        .toSorted((one, other) => other.pairs - one.pairs);
    },
    worst: () => {
      const [most] = [...byProperty].toSorted(([, one], [, other]) => other - one);
      const property = most && properties[most[0]];
      return property && { pairs: most[1], property: property.name };
    },
  };
}

function more(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
