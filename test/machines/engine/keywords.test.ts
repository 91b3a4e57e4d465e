import { expect, test } from 'vitest';

import { newFrame, leaf } from '../../../machines/engine/frame.ts';
import { threadId } from '../../../machines/engine/ids.ts';
import { recordInPlace } from '../../../machines/engine/in-place.ts';
import { requireKeywords } from '../../../machines/engine/keywords.ts';
import type { Attributes } from '../../../machines/engine/operator.ts';
import type { OperatorName } from '../../../machines/engine/operators.ts';
import { isOperatorName, operators } from '../../../machines/engine/operators.ts';
import { record } from '../../../machines/engine/record.ts';
import { tensor } from '../../../machines/engine/tensor.ts';

const frame = newFrame(threadId('t'));
const x = tensor([1, 2, 3, 4], { shape: [2, 2] });

function given(op: OperatorName, attributes: object) {
  // cast -- programs that are data may give anything
  return () => record({ args: [x], attributes: attributes as Attributes, frame, op }).value;
}

test.each([
  ['sum', { axis: 0 }, '"sum" was given "axis", and knows dim, keepdim here.'],
  ['relu', { inplace: true }, '"relu" was given "inplace", and takes nothing by name here.'],
  ['softmax', { dim: 'x' }, '"softmax" was given "x" as "dim", where an integer is needed.'],
  ['select', { dim: 0, index: 0.5 }, 'given 0.5 as "index", where an integer is needed.'],
  ['sum', { dim: [0, 0.5] }, 'as "dim", where an integer or a list of integers is needed.'],
  ['sum', { dim: 0, keepdim: 1 }, 'as "keepdim", where true or false is needed.'],
  ['view', { shape: 4 }, 'given 4 as "shape", where a list of integers is needed.'],
  ['leaky_relu', { negative_slope: 'steep' }, 'where a number is needed.'],
  ['gelu', { approximate: true }, 'where a text is needed.'],
  ['sum', { toString: 1 }, '"sum" was given "toString"'],
] as const)('refuses %s with %o', (op, attributes, text) => {
  expect(given(op, attributes)).toThrow(text);
  expect(given(op, attributes)).toThrow(expect.objectContaining({ code: 'engine/bad-argument' }));
});

test('takes what it knows', () => {
  expect(given('sum', { dim: [0], keepdim: true })().shape).toEqual([1, 2]);
  expect(given('select', { dim: 0, index: -1 })().data).toEqual(x.data.slice(2));
});

test('refuses in place too', () => {
  const { frame: after, value } = leaf(frame, x);
  const args = [record({ args: [value], frame: after, op: 'clone' }).value];
  const attributes = { beta: 1 };
  expect(() => recordInPlace({ args, attributes, frame: after, op: 'relu' })).toThrow('"beta"');
});

test('refuses a name that no operator has, whichever operator is given it', () => {
  const named = [...operators.keys()].filter((name) => !/[._]backward$|^_|\./.test(name));
  expect(named.length).toBeGreaterThan(150);
  for (const op of named.filter(isOperatorName)) {
    expect(() => requireKeywords(op, { nonesuch: 1 })).toThrow(`"${op}" was given "nonesuch"`);
  }
});

test.each([
  [
    'narrow',
    { dim: 0 },
    'narrow() received an invalid combination of arguments - got (Tensor, dim=int), but expected one of:',
  ],
  ['unsqueeze', {}, 'unsqueeze() missing 1 required positional arguments: "dim"'],
  ['swapaxes', {}, 'swapaxes() missing 2 required positional argument: "axis0", "axis1"'],
  ['swapaxes', { axis0: 0 }, 'swapaxes() missing 1 required positional arguments: "axis1"'],
  ['split', {}, "split() missing 1 required positional argument: 'split_size_or_sections'"],
  ['layer_norm', {}, "layer_norm() missing 1 required positional argument: 'normalized_shape'"],
] as const)(
  'asks for what %s needs beside %o in the words of PyTorch 1.13',
  (op, attributes, message) => {
    expect(given(op, attributes)).toThrow(expect.objectContaining({ message, type: 'TypeError' }));
  },
);

test.each([
  ['narrow', [1, 1, 1], [2, 4]],
  ['permute', [1, 0], [1, 3, 2, 4]],
  ['cumsum', [0], [1, 2, 4, 6]],
  ['clamp', [2, 3], [2, 2, 3, 3]],
  ['softplus', [1, 0], [1, 2, 3, 4]],
] as const)('%s takes numbers without their names: %o', (op, numbers, data) => {
  expect(record({ args: [x, ...numbers], frame, op }).value.data).toEqual(data);
});

test('takes no more numbers than there are names', () => {
  expect(() => record({ args: [x, 0, 1], frame, op: 'unsqueeze' })).toThrow('takes 1 tensors');
});

test('layer_norm is over the last dimensions, and these have the sizes that it says', () => {
  expect(given('layer_norm', { normalized_shape: [3] })).toThrow(
    'Given normalized_shape=[3], expected input with shape [*, 3], but got input of size[2, 2]',
  );
});
