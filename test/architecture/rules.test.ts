import { describe, expect, test } from 'vitest';

import { banRules } from './bans.ts';
import { banExamples } from './examples/bans.ts';
import { layerExamples } from './examples/layers.ts';
import { shapeExamples } from './examples/shapes.ts';
import { sizeExamples } from './examples/sizes.ts';
import { wordExamples } from './examples/words.ts';
import { layerRules } from './layers.ts';
import { shapeRules } from './shapes.ts';
import { sizeRules } from './sizes.ts';
import { source } from './source.ts';
import { wordRules } from './words.ts';

const rules = [...layerRules, ...banRules, ...sizeRules, ...shapeRules, ...wordRules];
const examples = {
  ...layerExamples,
  ...banExamples,
  ...sizeExamples,
  ...shapeExamples,
  ...wordExamples,
};

test('every rule has an example of what breaks it', () => {
  expect(Object.keys(examples).toSorted()).toEqual(rules.map(({ claim }) => claim).toSorted());
});

describe.each(rules)('$claim', ({ claim, check }) => {
  const { wrong, right } = examples[claim] ?? { wrong: [], right: [] };

  test.each(wrong)('finds it in %s: %s', (path, text) => {
    const found = check(source({ path, text }));
    expect(found).not.toEqual([]);
    expect(found.join('\n')).toMatch(new RegExp(`^${path}.*[.]$`, 'm'));
  });

  test.each(right)('leaves %s alone: %s', (path, text) => {
    expect(check(source({ path, text }))).toEqual([]);
  });
});

test('a failure says who, what, why and what to do', () => {
  const found = source({
    path: 'src/network/x.ts',
    text: "import { a } from '../trace/y.ts';\nimport { b } from 'immer';\n\nconst c = Math.random();",
  });
  expect(rules.flatMap(({ check }) => check(found))).toEqual([
    'src/network/x.ts imports src/trace/y.ts, but network may only import core and kernel: ' +
      'move what it needs down, or the caller up.',
    'src/network/x.ts imports immer, but network may use no package.',
    'src/network/x.ts:4 has "Math.random": draw from a seeded generator, or make it a choice.',
  ]);
});
