import type { Chooser } from '../../kernel/run.ts';
import { endPoint } from '../../kernel/tape.ts';
import type { Departure, Tape } from '../../kernel/tape.ts';
import type { Strategy } from './strategy.ts';

/** The one run that a tape makes. Departures that do not fit are left out, and counted in the notes. */
export function byTape(tape: Tape): Strategy {
  return {
    name: 'tape',
    begin: () => {
      let left: readonly Departure[] = tape;
      const follow: Chooser = (options) => {
        const point = options[0]?.name ?? endPoint;
        const here = left.find(({ at }) => at === point);
        if (here === undefined) return 0;
        const index = options.findIndex((option) => option?.name === here.take);
        left = left.filter((departure) => departure !== here);
        return Math.max(0, index);
      };
      return {
        next: (index) => (index === 0 ? follow : undefined),
        notes: () =>
          left.length === 0 ? [] : [`${left.length} of ${tape.length} departures did not fit.`],
      };
    },
  };
}
