import { always } from '../../runtime/property.ts';
import type { Pattern, Reading } from './pattern.ts';
import { folding } from './pattern.ts';

interface Ends {
  /** In alphabetical order. */
  readonly ended: readonly string[];
  /** The first that ended once more. */
  readonly twice?: string;
}

/**
 * What ends, ends once: by an answer, an error, or a time-out, and not by two of them. A time-out cancels
 * nothing: the work is still done, and its answer still comes. The reading gives the id of what ends.
 *
 * The worlds of a system grow by the sets of ids that have ended.
 */
export function endsOnce(name: string, reading: Reading<string>): Pattern {
  const initial: Ends = { ended: [] };
  const { monitor, stateIn } = folding(name, reading, { after: afterEnd, initial });
  return {
    monitors: [monitor],
    properties: [always(name, (view) => stateIn(view).twice === undefined)],
  };
}

function afterEnd(ends: Ends, id: string): Ends {
  if (!ends.ended.includes(id)) return { ...ends, ended: [...ends.ended, id].toSorted() };
  return ends.twice === undefined ? { ...ends, twice: id } : ends;
}
