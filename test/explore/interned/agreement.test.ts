import { expect, test } from 'vitest';

import { defineSystem } from '../../../src/index.ts';
import { differenceOf, internedLevels, plainLevels } from './agreement.ts';
import { mechanisms } from './mechanisms.ts';

const statesMax = 200;

test.each(mechanisms)('interned and plain worlds agree: $name', (definition) => {
  const plain = plainLevels(defineSystem(definition), statesMax);
  const interned = internedLevels(defineSystem(definition), statesMax);
  expect(differenceOf(plain, interned)).toBeUndefined();
});
