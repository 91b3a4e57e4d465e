import type { Chooser } from '../../kernel/run.ts';
import type { Strategy } from './strategy.ts';

/** Always the dullest: nothing goes wrong, messages arrive in order, the environment gives nothing. */
export const fifo: Chooser = () => 0;

/** The one run in which nothing goes wrong. */
export function byFifo(): Strategy {
  return {
    name: 'fifo',
    begin: () => ({ next: (index) => (index === 0 ? fifo : undefined) }),
  };
}
