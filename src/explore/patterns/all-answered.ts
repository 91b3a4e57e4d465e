import { unreachable } from '../../core/errors.ts';
import { atQuiescence } from '../../runtime/property.ts';
import type { Pattern, Reading } from './pattern.ts';
import { folding } from './pattern.ts';

/** A question, or its answer, be it good or bad. */
export interface AskMark {
  readonly id: string;
  readonly ask: 'asked' | 'answered';
}

/**
 * Wherever the system comes to rest, whoever has asked has an answer. It breaks where an outcome has no
 * representation: a creation that fails and leaves those who wait for it to themselves, a watch that is set
 * when the watched is gone. The remedy is to represent the negative outcome too.
 *
 * An id that is asked again while it is open has to be answered as often. What excuses an answer (who asks
 * has crashed) is for the reading to say: `{ ask: 'answered' }`.
 */
export function allAnswered(name: string, reading: Reading<AskMark>): Pattern {
  const initial: readonly string[] = [];
  const { monitor, stateIn } = folding(name, reading, { after: afterAsk, initial });
  return {
    monitors: [monitor],
    properties: [atQuiescence(name, (view) => stateIn(view).length === 0)],
  };
}

/** The open questions, in alphabetical order; an answer to none of them changes nothing. */
function afterAsk(open: readonly string[], { ask, id }: AskMark): readonly string[] {
  switch (ask) {
    case 'asked':
      return [...open, id].toSorted();
    case 'answered': {
      const at = open.indexOf(id);
      return at < 0 ? open : open.toSpliced(at, 1);
    }
    default:
      return unreachable(ask);
  }
}
