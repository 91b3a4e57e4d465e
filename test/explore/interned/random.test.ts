import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { defineSystem } from '../../../src/index.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';
import { differenceOf, internedLevels, plainLevels } from './agreement.ts';
import { anyPlay, playOf } from './random-play.ts';

const statesMax = 60;

test('interned and plain worlds of any small system agree', () => {
  fc.assert(
    fc.property(anyPlay, (random) => {
      const definition = playOf(random);
      const plain = plainLevels(defineSystem(definition), statesMax);
      const interned = internedLevels(defineSystem(definition), statesMax);
      expect(differenceOf(plain, interned)).toBeUndefined();
    }),
    fromEnvironment(120),
  );
});
