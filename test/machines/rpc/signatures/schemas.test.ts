import { array, assert, constantFrom, property } from 'fast-check';
import { expect, test } from 'vitest';

import { scriptSchema } from '../../../../machines/rpc/signatures/parameters.ts';
import { messageOf } from '../../../../src/core/errors.ts';

test.each([
  'js_one(int x, int y=3) -> int',
  'js_opt(int? x, float f=1.5, bool b=True, int? n=None, str q="a") -> float',
  'js_list(int[] xs, str s, Dict(str, int) d) -> int',
  'js_none() -> int',
  'js_tuple((int, str) p) -> ((int, int))',
  'js_rref(RRef(int) r) -> Future(int)',
  'js_lo(int?[] x, Any[][] y, str n=None) -> Tensor?',
])('a schema is written as PyTorch prints it: %s', (schema) => {
  expect(scriptSchema(schema).text).toBe(schema);
  expect(scriptSchema(` ${schema.replaceAll(' ', '  ')}`).text).toBe(schema);
});

test.each([
  '',
  'f',
  'f(',
  'f()',
  'f() ->',
  'f() -> int int',
  'f(int) ->',
  'f(int x y) -> int',
  'f(x int) -> int',
  'f(int[ x) -> int',
  'f(Dict(int) d) -> int',
  'f(int x=) -> int',
  'f(Foo x) -> int',
  'f(int x,, int y) -> int',
  '3(int x) -> int',
])('%j is no schema', (schema) => {
  expect(() => scriptSchema(schema)).toThrow(
    expect.objectContaining({ code: 'rpc/bad-declaration' }),
  );
});

function read(schema: string): string {
  try {
    return scriptSchema(schema).text;
  } catch (error) {
    return messageOf(error);
  }
}

test('whatever is no schema is one clear error', () => {
  const part = constantFrom(
    'f',
    '(',
    ')',
    'int',
    ' x',
    ',',
    '[',
    ']',
    '?',
    '=',
    '"a"',
    '->',
    '1.5',
  );
  assert(
    property(array(part, { maxLength: 12 }), (parts) => {
      const text = read(parts.join(''));
      expect([
        text,
        expect.stringMatching(/^The declaration ".*" should have .* Write it as /),
      ]).toContainEqual(read(text));
    }),
  );
});
