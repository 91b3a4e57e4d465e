import { describe, expect, test } from 'vitest';

import { conformanceSystem, outcomeOf } from '../../../actors/conformance/outcome.ts';
import { parseProgram } from '../../../actors/conformance/program.ts';
import { runSystem } from '../../../src/index.ts';

const leaf = { data: [1, 2], id: 'l0', kind: 'leaf', requires_grad: true, shape: [2], worker: 0 };
const op = { args: ['l0'], id: 'v0', kind: 'op', op: 'neg', to: 1, via: 'rpc_sync' };
const program = { id: 'p', roots: ['v0'], values: [leaf, op], workers: 2 };

test('takes a program', () => {
  expect(parseProgram(program)).toEqual(program);
  expect(parseProgram({ ...program, backward_passes: 2 })).toMatchObject({ backward_passes: 2 });
});

test('applies any operator, with numbers and with what it takes by name', () => {
  const read = parseProgram({
    ...program,
    roots: ['v2'],
    values: [
      { ...leaf, data: [1, 2, 3, 4], shape: [2, 2] },
      { ...leaf, data: [1, 0, 1], dtype: 'int64', id: 'l1', requires_grad: false, shape: [3] },
      { ...op, args: ['l0', 2], op: 'pow' },
      {
        ...op,
        args: ['v0', 'l1'],
        id: 'v1',
        kwargs: { dim: 1 },
        op: 'index_select',
        via: 'remote',
      },
      { ...op, args: ['v1'], id: 'v2', kwargs: { dim: [0, 1] }, op: 'sum', via: 'local' },
    ],
  });
  const system = conformanceSystem(read);
  expect(outcomeOf(read, runSystem(system))).toMatchObject({
    forward: { v2: [50] },
    gradients: { l0: [2, 8, 6, 16] },
    outcome: 'ok',
  });
});

test('takes numbers without their names, and says an operator as Python does', () => {
  const read = parseProgram({
    ...program,
    roots: ['v2'],
    values: [
      { ...leaf, data: [1, 2, 3, 4], shape: [2, 2] },
      { ...op, args: ['l0', 1, 0, 1], op: 'torch.narrow' },
      // What lends its sign alone gets a gradient of zeros all the same: nobody waits for it.
      { ...op, args: ['v0', 'v0'], id: 'v1', op: 'torch.copysign', to: 0, via: 'remote' },
      { ...op, args: ['v1'], id: 'v2', op: 'F.softplus', via: 'local' },
      { ...op, args: ['v2'], id: 'v3', op: 'sum', via: 'local' },
    ],
  });
  expect(read.values.map((value) => (value.kind === 'op' ? value.op : ''))).toEqual([
    '',
    'narrow',
    'copysign',
    'softplus',
    'sum',
  ]);
  const summed = { ...read, roots: ['v3'] };
  const { gradients, outcome } = outcomeOf(summed, runSystem(conformanceSystem(summed)));
  expect(outcome).toBe('ok');
  expect(gradients?.['l0']?.map((each) => each > 0)).toEqual([true, false, true, false]);
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
    ['has the unknown dtype "float8"', { dtype: 'float8' }],
    ['is of the unknown kind "stem"', { kind: 'stem' }],
  ])('a leaf: %s', (text, change) => {
    const read = { ...program, values: [{ ...leaf, ...change }, op] };
    expect(() => parseProgram(read)).toThrow(`Program "p", value 0 "l0" ${text}`);
  });

  test.each<readonly [string, object]>([
    ['has the unknown op "negate". Nearest to it: "negative"', { op: 'negate' }],
    ['has the unknown op "toString"', { op: 'toString' }],
    ['names the unknown value "l7"', { args: ['l7'] }],
    ['gives 2 arguments to neg, which takes 1', { args: ['l0', 'l0'] }],
    ['has "kwargs" {"dim":{}}', { kwargs: { dim: {} } }],
    ['has no list of "args"', { args: [undefined] }],
    ['has the unknown op "select_backward"', { op: 'select_backward' }],
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
