import { expect, test } from 'vitest';

import { importsOf } from './imports.ts';
import { source } from './source.ts';

const codeOf = (text: string) => source({ path: 'src/core/x.ts', text }).code;

test.each([
  ['a; // b', 'a;     '],
  ['a /* b\nc */ d', 'a     \n     d'],
  ["a = 'b\\'c' + \"d\"", 'a = \'    \' + " "'],
  ["a = '// b'; // c", "a = '    ';     "],
  ['a = `b ${c} d`', 'a = `  ${c}  `'],
  ['a = `${b ? `c ${{ d }}` : `}`} e`; f', 'a = `${b ? `  ${{ d }}` : ` `}  `; f'],
  ['a = `\\${b}`; c', 'a = `     `; c'],
  ["a = /'[/]\\//u; b", 'a = /      /u; b'],
  ['a = b / c / d', 'a = b / c / d'],
  ['return /"/.test(a)', 'return / /.test(a)'],
  ['a = b[0] / 2; // c /', 'a = b[0] / 2;       '],
])('keeps only the code of %s', (text, code) => {
  expect(codeOf(text)).toBe(code.padEnd(text.length));
  expect(codeOf(text).split('\n')).toHaveLength(text.split('\n').length);
});

test('ends when a string, a comment or a template does not', () => {
  for (const text of ["a = 'b", 'a = `b', 'a = `${b', '/* a', 'a = /b', '}']) {
    expect(codeOf(text)).toHaveLength(text.length);
  }
});

test('knows where a comment begins and ends', () => {
  const { comments } = source({ path: 'src/core/x.ts', text: 'a;\n/* b\n c */ d; // e\n' });
  expect(comments).toEqual([
    { firstLine: 2, lastLine: 3, text: '/* b\n c */' },
    { firstLine: 3, lastLine: 3, text: '// e' },
  ]);
});

test('sees every way to name a module', () => {
  const text = [
    "import a from 'a';",
    "import type { B } from '@b/c/d';",
    "export { c } from '../c.ts';",
    "import './d.ts';",
    "const e = () => import('node:fs');",
    "type F = import('../../f.ts').F;",
    "const from = Array.from('g');",
  ].join('\n');
  const targets = importsOf(source({ path: 'src/core/x.ts', text })).map(({ target }) => target);
  expect(targets).toEqual([
    { type: 'package', name: 'a' },
    { type: 'package', name: '@b/c' },
    { type: 'file', path: 'src/c.ts' },
    { type: 'file', path: 'src/core/d.ts' },
    { type: 'package', name: 'node:' },
    { type: 'file', path: 'f.ts' },
  ]);
});
