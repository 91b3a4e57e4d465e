import { always } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';

/** P12. */
export const noMishap: Invariant = {
  name: 'P12',
  about:
    'no internal assertion fails, no callback of the framework throws, and nothing crashes by itself',
  of: () => always('P12', (view) => happenedIn(view).mishap === ''),
};
