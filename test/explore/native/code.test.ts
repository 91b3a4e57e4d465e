import { expect, test } from 'vitest';

import { codeDigest } from '../../../src/explore/native/code.ts';
import { digestOfSources } from '../../../wasm/sources.js';

test('the compiled part of a search is made from its sources as they are: else `npm run core`', () => {
  expect(codeDigest).toBe(digestOfSources());
});
