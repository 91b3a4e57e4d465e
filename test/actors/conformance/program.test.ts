import { describe, expect, test } from 'vitest';

import { parseProgram } from '../../../actors/conformance/program.ts';

const leaf = { data: [1, 2], id: 'l0', kind: 'leaf', requires_grad: true, shape: [2], worker: 0 };
const op = { args: ['l0'], id: 'v0', kind: 'op', op: 'neg', to: 1, via: 'rpc_sync' };
const program = { id: 'p', roots: ['v0'], values: [leaf, op], workers: 2 };

test('takes a program', () => {
  expect(parseProgram(program)).toEqual(program);
  expect(parseProgram({ ...program, backward_passes: 2 })).toMatchObject({ backward_passes: 2 });
});

describe('refuses, naming what is wrong', () => {
  test.each<readonly [string, unknown]>([
    ['A program is 7. Write an object.', 7],
    ['A program has no "id"', { ...program, id: 5 }],
    ['Program "p" has "workers" 0', { ...program, workers: 0 }],
    ['Program "p" has no list of "values"', { ...program, values: 'all' }],
    ['Program "p" has the unknown root "v9"', { ...program, roots: ['v9'] }],
    ['Program "p" has "backward_passes" 0', { ...program, backward_passes: 0 }],
    ['value 1 "l0" has the id of an earlier value', { ...program, values: [leaf, leaf] }],
  ])('a program: %s', (text, read) => {
    expect(() => parseProgram(read)).toThrow(text);
  });

  test.each<readonly [string, object]>([
    ['names the unknown worker 2. There are 2', { worker: 2 }],
    ['has 2 numbers, but its shape [3] takes 3', { shape: [3] }],
    ['has the shape [-1]', { shape: [-1] }],
    ['has no list of numbers as "data"', { data: ['1', 2] }],
    ['has no "requires_grad"', { requires_grad: 'yes' }],
    ['is of the unknown kind "stem"', { kind: 'stem' }],
  ])('a leaf: %s', (text, change) => {
    const read = { ...program, values: [{ ...leaf, ...change }, op] };
    expect(() => parseProgram(read)).toThrow(`Program "p", value 0 "l0" ${text}`);
  });

  test.each<readonly [string, object]>([
    ['has the unknown op "negate"', { op: 'negate' }],
    ['has the unknown op "toString"', { op: 'toString' }],
    ['names the unknown value "l7"', { args: ['l7'] }],
    ['gives 2 arguments to neg, which takes 1', { args: ['l0', 'l0'] }],
    ['has the unknown via "pigeon"', { via: 'pigeon' }],
    ['names the unknown worker 4', { to: 4 }],
    ['has no "hops"', { via: 'relay' }],
    ['has no "hops"', { hops: [], via: 'relay' }],
    ['names the unknown worker -1', { hops: [1, -1], via: 'relay' }],
  ])('an operator: %s', (text, change) => {
    const read = { ...program, values: [leaf, { ...op, ...change }] };
    expect(() => parseProgram(read)).toThrow(`Program "p", value 1 "v0" ${text}`);
  });
});
