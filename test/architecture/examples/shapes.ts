import type { Examples } from './example.ts';

export const shapeExamples: Examples = {
  'what is exported has a name': {
    wrong: [
      ['src/index.ts', "export * from './a.ts';"],
      ['src/index.ts', "export type * from './a.ts';"],
      ['src/index.ts', "export * as a from './a.ts';"],
      ['examples/x.ts', 'export default system;'],
    ],
    right: [['src/index.ts', "export { a, type B } from './a.ts';"]],
  },
  'types can be erased': {
    wrong: [
      ['src/core/x.ts', 'export enum A { b }'],
      ['src/core/x.ts', 'const enum A { b }'],
      ['src/core/x.ts', 'namespace A {\n}'],
    ],
    right: [['src/core/x.ts', 'const schema = { enum: [1, 2] };']],
  },
  'no classes but errors': {
    wrong: [
      ['src/core/x.ts', 'class A {\n}'],
      ['src/core/x.ts', 'export class A<T> extends B<T> {\n}'],
      ['src/core/x.ts', 'const a = class extends B {\n};'],
      ['src/core/x.ts', 'const a = class {\n};'],
    ],
    right: [
      ['src/core/x.ts', 'export class SimulationError extends Error {\n}'],
      ['src/core/x.ts', 'class A extends SimulationError {\n}'],
      ['src/app/viewer/x.ts', 'const a = { class: b };'],
    ],
  },
  'no type is `any`': {
    wrong: [
      ['src/core/x.ts', 'const a: any = 1;'],
      ['src/core/x.ts', 'const a = b as any;'],
      ['test/x.ts', 'type A = Map<string, any>;'],
      ['test/x.ts', 'type A = Array<any>;'],
      ['test/x.ts', 'type A = string | any;'],
      ['test/x.ts', 'type A = any[];'],
    ],
    right: [
      ['src/core/x.ts', 'const a = { b: any(c) };'],
      ['src/core/x.ts', '/** Whether any holds: any, not all. */'],
    ],
  },
  'no module has state': {
    wrong: [
      ['src/core/x.ts', 'let count = 0;'],
      ['machines/x.ts', 'export let count = 0;'],
    ],
    right: [['src/core/x.ts', 'function f() {\n  let count = 0;\n}']],
  },
  'what is thrown has a code': {
    wrong: [
      ['src/core/x.ts', "throw new Error('no');"],
      ['src/core/x.ts', "throw TypeError('no');"],
    ],
    right: [['src/core/x.ts', "throw new SimulationError('core/no', 'No.');\nthrow error;"]],
  },
  'no test is skipped, alone or pending': {
    wrong: [
      ['test/x.test.ts', "test.skip('a', f);"],
      ['test/x.test.ts', "describe.only('a', f);"],
      ['test/x.test.ts', "it.todo('a');"],
      ['test/x.test.ts', "test.skipIf(slow)('a', f);"],
    ],
    right: [['test/x.test.ts', "test('skips nothing', f);"]],
  },
  'nothing is mocked': {
    wrong: [
      ['test/x.test.ts', "vi.mock('../src/core/a.ts');"],
      ['test/x.test.ts', 'const f = vi.fn();'],
    ],
    right: [['test/x.test.ts', 'const f = () => 1;']],
  },
  'the compiler is not silenced': {
    wrong: [
      ['test/x.ts', '// @ts-ignore\nf();'],
      ['src/core/x.ts', '// @ts-expect-error -- wrong\nf();'],
      ['src/core/x.ts', '// @ts-nocheck'],
    ],
    right: [
      ['test/types/x.ts', '// @ts-expect-error -- an address is no node\nf();'],
      ['test/x.ts', "const a = '// @ts-ignore';"],
    ],
  },
  'files are named in kebab-case': {
    wrong: [
      ['src/core/persistentMap.ts', ''],
      ['machines/owner_rref.ts', ''],
    ],
    right: [
      ['src/core/persistent-map.ts', ''],
      ['test/core/persistent-map.test.ts', ''],
    ],
  },
};
