import { expect, test } from 'vitest';

import type { Edge, Gradient, InputMetadata } from '../../../machines/engine/graph.ts';
import { noEdge, operatorNode } from '../../../machines/engine/node.ts';
import { scalar, tensor, toDType, undefinedTensor } from '../../../machines/engine/tensor.ts';
import { functionPrefix, validateOutputs } from '../../../machines/engine/validate-outputs.ts';
import { createThread } from './thread.ts';

const row = tensor([1, 2, 3], { shape: [1, 3] });
const prefix = functionPrefix('MulBackward0');

interface Refusal {
  readonly edges: readonly Edge[];
  readonly grads: readonly Gradient[];
  readonly text: string;
}

test.each<Refusal>([
  {
    edges: [edgeTo({})],
    grads: [],
    text: 'invalid number of gradients - expected 1, but got 0',
  },
  {
    edges: [noEdge],
    grads: [row, row],
    text: 'invalid number of gradients - expected 1, but got 2',
  },
  {
    edges: [edgeTo({ shape: [2] })],
    grads: [row],
    text: 'invalid gradient at index 0 - got [1, 3] but expected shape compatible with [2]',
  },
  {
    edges: [noEdge, edgeTo({ shape: [1, 1, 3] })],
    grads: [row, row],
    text: 'invalid gradient at index 1 - got [1, 3] but expected shape compatible with [1, 1, 3]',
  },
  {
    edges: [edgeTo({ shape: [3] })],
    grads: [scalar(1)],
    text: 'invalid gradient at index 0 - got [] but expected shape compatible with [3]',
  },
  {
    edges: [edgeTo({ shape: [3] })],
    grads: [{ ...tensor([1, 2, 3]), layout: 'SparseCsr' }],
    text: 'invalid gradient at index 0 - expected layout Strided but got SparseCsr',
  },
  {
    edges: [edgeTo({ shape: [3], device: 'cuda:0' })],
    grads: [tensor([1, 2, 3])],
    text: 'invalid gradient at index 0 - expected device cuda:0 but got cpu',
  },
])('refuses: $text', ({ edges, grads, text }) => {
  expect(() => validateOutputs({ edges, grads, prefix })).toThrow(
    `Function MulBackward0 returned an ${text}`,
  );
  expect(() => validateOutputs({ edges, grads })).toThrow(new RegExp(`^${escaped(text)}$`));
});

test('passes over what leads nowhere and what is not defined', () => {
  const grads = [row, undefinedTensor];
  expect(validateOutputs({ edges: [noEdge, edgeTo({ shape: [2] })], grads })).toEqual(grads);
});

test('sums a gradient of the broadcast shape down', () => {
  const grads = [tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] })];
  const sums = (metadata: Partial<InputMetadata>) =>
    validateOutputs({ edges: [edgeTo(metadata)], grads });
  expect(sums({ shape: [3] })).toMatchObject([{ data: [5, 7, 9], shape: [3] }]);
  expect(sums({ shape: [2, 1] })).toMatchObject([{ data: [6, 15], shape: [2, 1] }]);
  expect(sums({ shape: [] })).toMatchObject([{ data: [21], shape: [] }]);
});

test('casts to the type of the input', () => {
  const [cast] = validateOutputs({
    edges: [edgeTo({ dtype: 'float64', shape: [1] })],
    grads: [tensor([0.1])],
  });
  expect(cast).toMatchObject({ data: [Math.fround(0.1)], dtype: 'float64' });
  const double = toDType(tensor([0.1], { dtype: 'float64' }), 'float64');
  const [rounded] = validateOutputs({ edges: [edgeTo({ shape: [1] })], grads: [double] });
  expect(rounded).toMatchObject({ data: [Math.fround(0.1)], dtype: 'float32' });
});

test('moves a scalar to the device of the input', () => {
  const [moved] = validateOutputs({
    edges: [edgeTo({ device: 'cuda:0', shape: [] })],
    grads: [scalar(2)],
  });
  expect(moved).toMatchObject({ data: [2], device: 'cuda:0' });
});

test('lets a sparse gradient go to a dense input, and a dense one to a sparse input', () => {
  const sparse = { ...tensor([1]), layout: 'Sparse' } as const;
  expect(validateOutputs({ edges: [edgeTo({ shape: [1] })], grads: [sparse] })).toEqual([sparse]);
  const toSparse = edgeTo({ layout: 'Sparse', shape: [1] });
  expect(validateOutputs({ edges: [toSparse], grads: [tensor([1])] })).toEqual([tensor([1])]);
});

/** An edge to a node that takes one gradient. */
function edgeTo(metadata: Partial<InputMetadata>): Edge {
  const { node } = operatorNode({
    frame: createThread('t').frame(),
    name: 'NegBackward0',
    nextEdges: [noEdge],
    outputs: [{ ...emptyTensorOf(metadata.shape ?? []), ...metadata }],
    saved: [{}],
  });
  return { inputNr: 0, node, type: 'edge' };
}

function emptyTensorOf(shape: readonly number[]) {
  return tensor(Array.from<number>({ length: shape.reduce((a, b) => a * b, 1) }).fill(0), {
    shape,
  });
}

function escaped(text: string): string {
  return text.replaceAll(/[[\]().]/g, String.raw`\$&`);
}
