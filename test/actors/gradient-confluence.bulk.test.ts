import { describe, expect, test } from 'vitest';

import { confluence } from '../../bench/gradient-confluence.ts';
import { gradientPrograms } from '../../bench/gradient-programs.ts';

const poolSize = 2;

/** The derivatives of what each program computes, by hand. */
const gradients: Readonly<Record<keyof typeof gradientPrograms, unknown>> = {
  'one call': [[6]],
  'a call to itself': [[6]],
  'a call that comes back': [[24]],
  'two calls in a row': [[108]],
  'a result used twice': [[135]],
  'two roots': [[12]],
  'two passes': [[12]],
  'a reference read twice': [[108]],
  'a leaf elsewhere': [[2], [3]],
  'calls at once': [[108]],
  'a call passed on': [[24]],
  'a diamond over workers': [[108]],
  'two roots on two workers': [[114]],
};

describe.each(Object.entries(gradientPrograms))('%s', (name, program) => {
  test.each(['fast', 'smart', 'smart-discovery'] as const)(
    'gives the same gradients in every order of events, in %s mode',
    (mode) => {
      const found = confluence({ fault: 'none', mode, poolSize, program }, { statesMax: 100_000 });
      // cast -- the programs by their names
      expect(found.gradients).toEqual(gradients[name as keyof typeof gradientPrograms]);
      expect(found.broken).toEqual([]);
      expect(found.result.complete).toBe(true);
    },
  );
});

describe('after one fault at any moment', () => {
  test.each(['drop', 'duplicate', 'crash', 'time-out'] as const)(
    'the gradients are right, or there is an error, and nothing is left: %s',
    (fault) => {
      const program = gradientPrograms['one call'];
      for (const mode of ['fast', 'smart', 'smart-discovery'] as const) {
        const found = confluence({ fault, mode, poolSize, program }, { statesMax: 15_000 });
        expect(found.broken).toEqual([]);
        expect(found.result.states).toBeGreaterThan(1_000);
      }
    },
  );
});
