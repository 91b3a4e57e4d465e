import { always } from '../../runtime/property.ts';
import type { Pattern, Reading } from './pattern.ts';
import { folding } from './pattern.ts';

/** An answer was taken for the answer to a question. */
export interface TakenMark {
  /** What was asked. */
  readonly asked: string;
  /** What the answer answers. */
  readonly answered: string;
}

interface Taken {
  /** The first answer that was taken for another. */
  readonly wrong?: TakenMark;
}

/**
 * Whoever takes an answer takes the one to its own question: not the late one to what it has given up, nor
 * one that speaks of somebody who had the same name before. The remedy is an id that is never used again.
 */
export function ownAnswers(name: string, reading: Reading<TakenMark>): Pattern {
  const initial: Taken = {};
  const { monitor, stateIn } = folding(name, reading, { after: afterTaking, initial });
  return {
    monitors: [monitor],
    properties: [always(name, (view) => stateIn(view).wrong === undefined)],
  };
}

function afterTaking(taken: Taken, mark: TakenMark): Taken {
  const { answered, asked } = mark;
  return taken.wrong !== undefined || answered === asked ? taken : { wrong: { answered, asked } };
}
