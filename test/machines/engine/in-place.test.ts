/** Operators in place: they give what the plain form gives, in forward and in backward. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Shape, Tensor } from '../../../machines/engine/graph.ts';
import { recordInPlace } from '../../../machines/engine/in-place.ts';
import type { OperatorName } from '../../../machines/engine/operators.ts';
import { elementsIn, tensor } from '../../../machines/engine/tensor.ts';
import { getIn, mapOf } from '../../../src/core/persistent-map.ts';
import { backwardLocally } from './local-passes.ts';
import { createThread, dataOf, idOf } from './thread.ts';

const size = fc.integer({ min: 1, max: 3 });
const element = fc.integer({ min: 8, max: 128 }).map((sixtyFourths) => sixtyFourths / 64);

/** A tensor, and one that broadcasts to its shape. */
const operands = fc
  .tuple(
    fc.array(size, { maxLength: 3 }),
    fc.nat(3),
    fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  )
  .map(([shape, drop, ones]): readonly [Shape, Shape] => [
    shape,
    shape.map((each, dim) => (ones[dim] === true ? 1 : each)).slice(Math.min(drop, shape.length)),
  ])
  .chain(([first, second]) => fc.tuple(filledWith(first), filledWith(second)));

function filledWith(shape: Shape) {
  const length = elementsIn(shape);
  return fc
    .array(element, { minLength: length, maxLength: length })
    .map((data) => ({ data, shape }));
}

interface Data {
  readonly data: readonly number[];
  readonly shape: Shape;
}

/** Both forms on a result, so that the leaf itself is not changed. */
function bothForms(op: OperatorName, inputs: readonly Data[]) {
  return [false, true].map((isInPlace) => {
    const thread = createThread('t');
    const leaves = inputs.map(({ data, shape }) => thread.leaf(data, shape));
    const [first = tensor([]), ...others] = leaves;
    const args = [thread.apply('clone', first), ...others];
    const result = isInPlace ? inPlace(thread, op, args) : thread.apply(op, ...args);
    const weights = tensor(
      result.data.map((_, index) => 1 - index / 8),
      { shape: result.shape },
    );
    const root = thread.apply('sum', thread.apply('mul', result, weights));
    const versions = mapOf(new Map(isInPlace ? [['t#0:0', { version: 1 }] as const] : []));
    const { gradients } = backwardLocally([root], { versions });
    return { data: result.data, grads: leaves.map((leaf) => dataOf(getIn(gradients, idOf(leaf)))) };
  });
}

function inPlace(
  thread: ReturnType<typeof createThread>,
  op: OperatorName,
  args: readonly Tensor[],
): Tensor {
  const { frame, storage, value } = recordInPlace({ args, frame: thread.frame(), op });
  thread.setFrame(frame);
  expect(storage).toEqual({ id: 't#0:0', version: 1 });
  return value;
}

test.each<OperatorName>(['add', 'sub', 'mul', 'div', 'pow', 'copy'])(
  '%s in place is as its plain form where the other operand broadcasts',
  (op) => {
    fc.assert(
      fc.property(operands, (inputs) => {
        const [plain, changed] = bothForms(op, inputs);
        expect(changed).toEqual(plain);
      }),
      { numRuns: 40 },
    );
  },
);

test.each<OperatorName>([
  ...(['abs', 'cos', 'elu', 'exp', 'leaky_relu', 'log', 'neg', 'reciprocal', 'relu'] as const),
  ...([
    'rsqrt',
    'sigmoid',
    'sign',
    'silu',
    'sin',
    'sqrt',
    'square',
    'tan',
    'tanh',
    'zero',
  ] as const),
])('%s in place is as its plain form', (op) => {
  fc.assert(
    fc.property(operands, ([first]) => {
      const [plain, changed] = bothForms(op, [first]);
      expect(changed).toEqual(plain);
    }),
    { numRuns: 20 },
  );
});

test('a leaf stays the leaf that it is when its elements change without recording', () => {
  const thread = createThread('t');
  const x = thread.leaf([1, 2]);
  const frame = { ...thread.frame(), gradMode: false };
  const first = recordInPlace({ args: [x, 1], frame, op: 'add' });
  const second = recordInPlace({ args: [first.value, 2], frame: first.frame, op: 'mul' });
  expect(second.value).toMatchObject({ data: [4, 6], id: x.id, requiresGrad: true });
  expect(second.storage).toEqual({ id: x.id, version: 2 });
});

test('a constant has no identity: a change gives another value', () => {
  const frame = createThread('t').frame();
  const changed = recordInPlace({ args: [tensor([1]), 1], frame, op: 'add' });
  expect(changed.storage).toBeUndefined();
  expect(changed.value).toEqual(tensor([2]));
});

test('what has no form in place is refused', () => {
  const thread = createThread('t');
  const args = [thread.apply('neg', thread.leaf([1, 2]))];
  expect(() => recordInPlace({ args, frame: thread.frame(), op: 'sum' })).toThrow(
    /cannot be applied in place/,
  );
});

test('a view of which all is changed has one history however often it is read anew', () => {
  const thread = createThread('t');
  const base = thread.apply('neg', thread.leaf([1, 2, 3, 4]));
  const view = thread.applyWith({ dim: 0, index: 1 }, 'select', base);
  thread.applyInPlace('mul', base, 2);
  const read = thread.current(view);
  expect(read).toMatchObject({ data: [-4], gradFn: { node: { name: 'AsStridedBackward0' } } });
  expect(thread.current(view).gradFn?.node).toBe(read.gradFn?.node);
  thread.applyInPlace('mul', view, 2);
  expect(thread.current(base)).toMatchObject({
    data: [-2, -8, -6, -8],
    gradFn: { node: { inner: { name: 'MulBackward0' }, name: 'CopySlices' } },
  });
});

test('what another function changed since is gone on with as it came', () => {
  const [thread, other] = [createThread('t'), createThread('u')];
  const base = thread.apply('neg', thread.leaf([1, 2]));
  const first = thread.applyInPlace('mul', base, 2);
  other.applyInPlace('mul', first, 10);
  const theirs = other.current(first);
  const view = thread.applyWith({ dim: 0, index: 0 }, 'select', theirs);
  thread.applyInPlace('add', view, 1);
  expect(thread.current(theirs)).toMatchObject({
    data: [-19, -40],
    gradFn: { node: { nextEdges: [{ node: { id: theirs.gradFn?.node.id } }, {}] } },
  });
});

test('what reshape has to copy is no view', () => {
  const thread = createThread('t');
  const base = thread.apply('neg', thread.leaf([1, 2, 3, 4], [2, 2]));
  const copy = thread.applyWith({ shape: [4] }, 'reshape', thread.apply('t', base));
  thread.applyInPlace('mul', copy, 2);
  expect(thread.current(base).data).toEqual([-1, -2, -3, -4]);
  expect(thread.current(copy).data).toEqual([-2, -6, -4, -8]);
});

// The texts are those of PyTorch 1.13; a view of a leaf that is one of many is refused for the latter.
test.each([
  ['split', { split_size: 1 }, [], 'Output 1 of SplitBackward0 is a view'],
  ['split', { split_size: [1, 1] }, [], 'Output 1 of SplitWithSizesBackward0 is a view'],
  ['chunk', { chunks: 2 }, [], 'Output 1 of SplitBackward0 is a view'],
  ['unbind', {}, [], 'Output 1 of UnbindBackward0 is a view'],
  ['unbind', {}, ['view'], 'Output 0 of ViewBackward0 is a view'],
] as const)('one of several views is not changed: %s %j, then %j', (...each) => {
  const [op, attributes, rest, text] = each;
  for (const isLeaf of [false, true]) {
    const thread = createThread('t');
    const leaf = thread.leaf([1, 2, 3, 4], [2, 2]);
    const base = isLeaf ? leaf : thread.apply('neg', leaf);
    const [, second = base] = thread.applyAll(attributes, op, base);
    const view = rest.reduce((now, next) => thread.applyWith({ shape: [2, 1] }, next, now), second);
    expect(() => recordInPlace({ args: [view, 1], frame: thread.frame(), op: 'add' })).toThrow(
      `${text} and is being modified inplace. This view is the output of a function that returns multiple views.`,
    );
  }
});
