import type { Chooser } from '../../kernel/run.ts';

/**
 * Takes each number in turn as the answer at a point with more than one option, and the dullest where
 * they are used up. What is too large is clamped, so that arrays of small numbers shrink well. For one
 * run: the next needs a chooser of its own.
 */
export function draws(numbers: readonly number[]): Chooser {
  let position = 0;
  return () => {
    const answer = numbers[position] ?? 0;
    position += 1;
    return answer;
  };
}
