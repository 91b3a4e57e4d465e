import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

import { banRules } from './architecture/bans.ts';
import { layerRules } from './architecture/layers.ts';
import { shapeRules } from './architecture/shapes.ts';
import { sizeRules } from './architecture/sizes.ts';
import { source } from './architecture/source.ts';
import type { Source } from './architecture/source.ts';
import { wordRules } from './architecture/words.ts';

const root = new URL('../', import.meta.url);
const sources = ['src', 'machines', 'actors', 'examples', 'bench', 'test', 'wasm'].flatMap(
  sourcesIn,
);

test.each([...layerRules, ...banRules, ...sizeRules, ...shapeRules, ...wordRules])(
  '$claim',
  ({ check }) => {
    expect(sources.flatMap((one) => check(one))).toEqual([]);
  },
);

test('the package has three doors and nothing else', () => {
  const text = readFileSync(new URL('package.json', root), 'utf8');
  expect(JSON.parse(text)).toMatchObject({
    exports: {
      '.': { default: './dist/src/index.js' },
      './testing': { default: './dist/src/testing/index.js' },
      './rpc': { default: './dist/actors/index.js' },
    },
  });
  expect(Object.keys(JSON.parse(text).exports)).toHaveLength(3);
});

function sourcesIn(folder: string): readonly Source[] {
  const at = new URL(`${folder}/`, root);
  if (!existsSync(at)) {
    return [];
  }
  return readdirSync(at, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
    .toSorted()
    .map((path) => source({ path, text: readFileSync(new URL(path, root), 'utf8') }));
}
