import type { Chooser } from '../../kernel/run.ts';

/**
 * Takes each number in turn as the answer at a point with more than one option, and the dullest where
 * they are used up. What is too large is clamped, so that arrays of small numbers shrink well. For one
 * run: the next needs a chooser of its own.
 */
export function draws(numbers: ArrayLike<number>): Chooser {
  const draw = drawnFrom(numbers);
  return (options) => (options.length > 1 ? draw(options.length) : 0);
}

/** The numbers in turn, each clamped to what there is to choose from; 0 where they are used up. */
export function drawnFrom(numbers: ArrayLike<number>): (options: number) => number {
  let position = 0;
  return (options) => {
    const answer = Math.trunc(numbers[position] ?? 0) || 0;
    position += 1;
    return Math.min(Math.max(0, answer), options - 1);
  };
}
