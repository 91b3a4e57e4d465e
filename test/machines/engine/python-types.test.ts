import { expect, test } from 'vitest';

import { typeNameOf } from '../../../machines/engine/python-types.ts';

test.each([
  ['bool', true],
  ['int', 5],
  ['float', 2.5],
  ['str', 'x'],
  ['list', [1]],
  ['dict', {}],
  ['Foo', { class: 'Foo' }],
  ['torch._C.Future', { type: 'future', id: 'future-0' }],
])('names a %s as the texts of the engine do', (name, value) => {
  expect(typeNameOf(value)).toBe(name);
});
