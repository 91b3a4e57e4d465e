/**
 * What real PyTorch 1.13 made of each operator (`recorded/operators.py`): values, gradients, the graph with
 * the order of its edges, and what it raised.
 */
import { expect, test } from 'vitest';

import type { AutogradNode, Shape, Tensor } from '../../../machines/engine/graph.ts';
import type { Attributes } from '../../../machines/engine/operator.ts';
import type { OperatorName } from '../../../machines/engine/operators.ts';
import { operators } from '../../../machines/engine/operators.ts';
import { record } from '../../../machines/engine/record.ts';
import { int64, tensor } from '../../../machines/engine/tensor.ts';
import { TorchError } from '../../../machines/engine/torch-error.ts';
import { getIn } from '../../../src/core/persistent-map.ts';
import { jsonLines } from '../../support/json-lines.ts';
import { backwardLocally, gradLocally } from './local-passes.ts';
import type { Thread } from './thread.ts';
import { createThread, dataOf, idOf } from './thread.ts';

interface Argument {
  readonly data: readonly number[];
  readonly grad?: boolean;
  readonly int64?: true;
  readonly shape: Shape;
}

type GraphLine = readonly [name: string, after: readonly (readonly [number, number] | null)[]];

interface Case {
  readonly args: readonly (Argument | number)[];
  readonly attributes: Attributes;
  readonly error?: readonly [type: string, text: string];
  readonly gradients?: readonly (readonly number[] | null)[];
  readonly graph?: readonly GraphLine[];
  readonly op: OperatorName;
  readonly results: readonly Argument[];
  /** The gradients of the weighted sum of the gradients; none where those are constant. */
  readonly second?: readonly (readonly number[] | null)[] | null;
}

const cases = jsonLines(new URL('recorded/operators.jsonl', import.meta.url)) as readonly Case[];

/** What PyTorch has written otherwise since. */
const nameNow: Readonly<Record<string, string>> = {
  ReshapeAliasBackward0: 'ViewBackward0',
  SqueezeBackward3: 'SqueezeBackward1',
};
const textNow: Readonly<Record<string, string>> = {
  'size mismatch, got 2, 2x3,2': 'size mismatch, got input (2), mat (2x3), vec (2)',
};

const named = cases.map((each, nr) => ({ ...each, call: `${nr}: ${callOf(each)}` }));

test.each(named.filter(({ error }) => error === undefined))(
  '$call gives what PyTorch gives',
  (each) => {
    const { values } = run(each);
    expect(values.map(({ shape }) => shape)).toEqual(each.results.map(({ shape }) => shape));
    for (const [index, { data }] of values.entries()) expectClose(data, each.results[index]?.data);
  },
);

test.each(named.filter(({ graph }) => graph !== undefined))(
  '$call has the gradients and the graph of PyTorch',
  (each) => {
    const { inputs, thread, values } = run(each);
    const roots = values.filter(({ requiresGrad }) => requiresGrad);
    const { gradients } = backwardLocally([lossOf(thread, roots)]);
    for (const [index, wanted] of (each.gradients ?? []).entries()) {
      const input = inputs[index];
      const found = typeof input === 'object' ? dataOf(getIn(gradients, idOf(input))) : undefined;
      expectClose(found, wanted ?? undefined);
    }
    const names = each.graph?.map(([name, after]) => [nameNow[name] ?? name, after]);
    expect(graphOf(roots)).toEqual(names);
  },
);

test.each(named.filter(({ second }) => Array.isArray(second)))(
  '$call has the second derivatives of PyTorch',
  (each) => {
    const wanted = each.second ?? [];
    expect(wanted).toHaveLength(each.args.length);
    for (const [index, found] of secondDerivatives(each).entries()) {
      const zeros = (wanted[index] ?? found ?? []).map(() => 0);
      // What does not depend on an input has no gradient here and zeros there, or the other way round.
      expectClose(found ?? zeros, wanted[index] ?? zeros);
    }
  },
);

test.each(named.filter(({ error }) => error !== undefined))(
  '$call is refused as PyTorch refuses it',
  (each) => {
    const [type = '', text = ''] = each.error ?? [];
    let thrown: unknown;
    try {
      run(each);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TorchError);
    expect(thrown).toMatchObject({ message: textNow[text] ?? text, type });
  },
);

test('each operator was recorded, or is a part of one that was', () => {
  const drawn = jsonLines(new URL('recorded/drawn.jsonl', import.meta.url)) as readonly Case[];
  const recorded = new Set<string>([...cases, ...drawn].map(({ op }) => op));
  const missing = [...operators.keys()].filter(
    (op) =>
      !op.endsWith('_backward') && !recorded.has(op) && !recorded.has(op.slice(0, op.indexOf('.'))),
  );
  expect(missing.toSorted()).toEqual([
    '_unsafe_view',
    'as_strided',
    'as_strided_scatter',
    'coalesce',
    'copy',
    'detach',
    'embedding_bag',
    'fill',
    'to.dtype',
    'to_dense',
    'unsafe_chunk',
    'unsafe_split',
    'zero',
  ]);
});

function callOf({ args, attributes, op }: Case): string {
  const shapes = args.map((arg) =>
    typeof arg === 'number' ? String(arg) : `[${arg.shape.join()}]`,
  );
  return `${op}(${shapes.join(', ')}) ${JSON.stringify(attributes)}`;
}

interface Ran {
  readonly inputs: readonly (Tensor | number)[];
  readonly thread: Thread;
  readonly values: readonly Tensor[];
}

function run({ args, attributes, op }: Case): Ran {
  const thread = createThread('t');
  const inputs = args.map((arg) => {
    if (typeof arg === 'number') return arg;
    const { data, grad, int64: isIndex, shape } = arg;
    if (isIndex) return int64(shape, data);
    return grad === true ? thread.leaf(data, shape) : tensor(data, { shape });
  });
  const { frame, values } = record({ args: inputs, attributes, frame: thread.frame(), op });
  thread.setFrame(frame);
  return { inputs, thread, values };
}

/** One entry an argument. */
function secondDerivatives(each: Case): readonly (readonly number[] | undefined)[] {
  const { inputs, thread, values } = run(each);
  const leaves = inputs.flatMap((input) =>
    typeof input === 'object' && input.requiresGrad ? [input] : [],
  );
  const outputs = [
    lossOf(
      thread,
      values.filter(({ requiresGrad }) => requiresGrad),
    ),
  ];
  const frame = thread.frame();
  const common = { allowUnused: true, inputs: leaves };
  const first = gradLocally({ ...common, createGraph: true, frame, outputs });
  if (first.frame !== undefined) thread.setFrame(first.frame);
  const roots = first.grads.flatMap((grad) =>
    grad.type === 'tensor' && grad.requiresGrad ? [grad] : [],
  );
  if (roots.length === 0) return inputs.map(() => undefined);
  const { grads } = gradLocally({ ...common, outputs: [lossOf(thread, roots, 5)] });
  return inputs.map((input) =>
    typeof input === 'object' ? dataOf(grads[leaves.indexOf(input)]) : undefined,
  );
}

/** Each element with another weight, as in the script that recorded. */
function lossOf({ apply }: Thread, roots: readonly Tensor[], over = 8): Tensor {
  const parts = roots.map((root) => {
    const weights = tensor(
      root.data.map((_, index) => 1 - index / over),
      { shape: root.shape },
    );
    return apply('sum', apply('mul', root, weights));
  });
  return parts.reduce((sum, part) => apply('add', sum, part));
}

/** Breadth first, each node once. */
function graphOf(roots: readonly Tensor[]): readonly GraphLine[] {
  const order: AutogradNode[] = [];
  const places = new Map<string, number>();
  const placeOf = (node: AutogradNode) => {
    const place = places.get(node.id) ?? order.push(node) - 1;
    places.set(node.id, place);
    return place;
  };
  for (const { gradFn } of roots) if (gradFn !== undefined) placeOf(gradFn.node);
  const lines: GraphLine[] = [];
  for (const { name, nextEdges } of order) {
    lines.push([
      name,
      nextEdges.map((edge) => (edge.type === 'edge' ? [placeOf(edge.node), edge.inputNr] : null)),
    ]);
  }
  return lines;
}

/** The record has seven digits of float32. */
function expectClose(
  found: readonly number[] | undefined,
  wanted: readonly number[] | undefined,
): void {
  expect(found?.length).toBe(wanted?.length);
  for (const [index, value] of (wanted ?? []).entries()) {
    const element = found?.[index] ?? Number.NaN;
    expect(Math.abs(element - value), `${index}: ${element} is not ${value}`).toBeLessThanOrEqual(
      2e-6 * Math.abs(value) + 1e-6,
    );
  }
}
