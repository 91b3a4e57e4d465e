import type { Examples } from './example.ts';

const lines = (count: number) => '  step();\n'.repeat(count);

export const sizeExamples: Examples = {
  'no file is longer than 300 lines': {
    wrong: [['bench/x.ts', lines(301)]],
    right: [['bench/x.ts', lines(300)]],
  },
  'no function is longer than 70 lines': {
    wrong: [
      ['src/core/x.ts', `function f() {\n${lines(69)}}`],
      ['src/core/x.ts', `export function* f<A>(a: { b: A }): { c: A } {\n${lines(69)}}`],
      ['src/core/x.ts', `export function f(\n  a: A,\n): a is B & { c: 1 } {\n${lines(68)}}`],
      ['src/core/x.ts', `const f = () => {\n${lines(69)}};`],
      ['test/x.ts', `function f() {\n${lines(69)}}`],
    ],
    right: [
      ['src/core/x.ts', `function f() {\n${lines(68)}}`],
      ['src/core/x.ts', `function f(a: A): B;\nfunction f(a: B): C;\nconst a = {\n${lines(80)}};`],
      ['src/core/x.ts', `function f(): { a: 1 } {\n}\nconst b = {\n${lines(80)}};`],
      ['src/core/x.ts', `function f() {\n  g('}{');\n}\nconst b = {\n${lines(80)}};`],
      ['test/x.test.ts', `describe('a', () => {\n${lines(99)}});`],
    ],
  },
};
