/**
 * What real PyTorch 1.13 made of calls that were drawn (`recorded/drawn.py`): empty tensors and scalars, shapes
 * that broadcast, numbers that are none or infinite, equal ones, attributes, and calls that it refuses; and of
 * others whose tensors are of several types (`recorded/typed.py`).
 */
import { expect, test } from 'vitest';

import type { DType, Gradient, Shape, Tensor } from '../../../machines/engine/graph.ts';
import type { Attributes } from '../../../machines/engine/operator.ts';
import type { OperatorName } from '../../../machines/engine/operators.ts';
import { operators } from '../../../machines/engine/operators.ts';
import { int64, tensor } from '../../../machines/engine/tensor.ts';
import { TorchError } from '../../../machines/engine/torch-error.ts';
import { jsonLines } from '../../support/json-lines.ts';
import { gradLocally } from './local-passes.ts';
import type { Thread } from './thread.ts';
import { createThread, dataOf } from './thread.ts';

/** JSON has no words for the odd ones. */
type Written = number | 'nan' | 'inf' | '-inf';

interface Argument {
  readonly data: readonly Written[];
  readonly dtype?: DType;
  readonly grad?: boolean;
  readonly int64?: true;
  readonly shape: Shape;
}

interface Case {
  readonly args: readonly (Argument | number)[];
  readonly attributes?: Attributes;
  readonly error?: readonly [type: string, text: string];
  readonly gradients?: readonly Numbers[];
  readonly op: OperatorName;
  readonly results: readonly Argument[];
  readonly second?: readonly Numbers[];
}

type Numbers = readonly Written[] | null | undefined;

const cases = ['drawn', 'typed'].flatMap(
  (name) => jsonLines(new URL(`recorded/${name}.jsonl`, import.meta.url)) as readonly Case[],
);
const operatorsDrawn = [...new Set(cases.map(({ op }) => op))];

test.each(operatorsDrawn)('%s gives what PyTorch gives, and its gradients', (op) => {
  for (const each of cases.filter((one) => one.op === op && one.error === undefined)) {
    const thread = createThread('t');
    const inputs = each.args.map((arg) => made(thread, arg));
    const values = thread.applyAll(each.attributes ?? {}, each.op, ...inputs);
    expect(values.map(({ shape }) => shape)).toEqual(each.results.map(({ shape }) => shape));
    for (const [nr, { data, dtype }] of values.entries()) {
      expect(dtype).toBe(each.results[nr]?.dtype ?? 'float32');
      expectClose(each, data, each.results[nr]?.data);
    }
    const { first, recorded, second } = derivatives(thread, inputs, values);
    for (const nr of inputs.keys()) {
      expectClose(each, dataOf(first[nr]), each.gradients?.[nr]);
      expectClose(each, dataOf(recorded[nr]), each.gradients?.[nr]);
      if (each.second !== undefined) expectClose(each, dataOf(second[nr]), each.second[nr]);
    }
  }
});

test.each(cases.filter(({ error }) => error !== undefined))(
  '$op is refused as PyTorch refuses it: $error',
  ({ args, attributes = {}, error: [type, message] = ['', ''], op }) => {
    const thread = createThread('t');
    const inputs = args.map((arg) => made(thread, arg));
    const call = () => thread.applyAll(attributes, op, ...inputs);
    expect(call).toThrow(TorchError);
    expect(call).toThrow(expect.objectContaining({ message, type }));
  },
);

test('operators that nobody recorded are few', () => {
  expect(operatorsDrawn.length).toBeGreaterThan(110);
  expect(operatorsDrawn.filter((op) => !operators.has(op))).toEqual([]);
});

function made(thread: Thread, arg: Argument | number): Tensor | number {
  if (typeof arg === 'number') return arg;
  const data = arg.data.map(Number).map((each, nr) => numberOf(arg.data[nr], each));
  if (arg.int64 === true) return int64(arg.shape, data);
  const value = tensor(data, { dtype: arg.dtype ?? 'float32', shape: arg.shape });
  return arg.grad === true ? thread.leafOf(value) : value;
}

function numberOf(written: Written | undefined, otherwise: number): number {
  if (written === 'inf') return Infinity;
  return written === '-inf' ? -Infinity : otherwise;
}

interface Derivatives {
  readonly first: readonly (Gradient | undefined)[];
  /** The same from a pass with `create_graph`. */
  readonly recorded: readonly (Gradient | undefined)[];
  readonly second: readonly (Gradient | undefined)[];
}

/** One entry an input. */
function derivatives(
  thread: Thread,
  inputs: readonly (Tensor | number)[],
  values: readonly Tensor[],
): Derivatives {
  const leaves = inputs.flatMap((each) =>
    typeof each === 'object' && each.requiresGrad ? [each] : [],
  );
  const roots = values.filter(({ requiresGrad }) => requiresGrad);
  const placed = (grads: readonly Gradient[]) =>
    inputs.map((each) => (typeof each === 'object' ? grads[leaves.indexOf(each)] : undefined));
  if (roots.length === 0) return { first: [], recorded: [], second: [] };
  const common = { allowUnused: true, inputs: leaves };
  const outputs = [lossOf(thread, roots, 8)];
  const { frame, grads } = gradLocally({
    ...common,
    createGraph: true,
    frame: thread.frame(),
    outputs,
  });
  if (frame !== undefined) thread.setFrame(frame);
  const more = grads.filter((each) => each.type === 'tensor').filter((each) => each.requiresGrad);
  const { grads: plain } = gradLocally({ ...common, outputs });
  const first = placed(plain);
  const recorded = placed(grads);
  if (more.length === 0) return { first, recorded, second: [] };
  const second = gradLocally({ ...common, outputs: [lossOf(thread, more, 5)] }).grads;
  return { first, recorded, second: placed(second) };
}

/** Each element with another weight, as in the script that recorded. */
function lossOf({ apply }: Thread, roots: readonly Tensor[], over: number): Tensor {
  const parts = roots.map(({ data, shape }, nr) => {
    const weights = tensor(
      data.map((_, index) => 1 - index / over),
      { shape },
    );
    return apply('sum', apply('mul', roots[nr] ?? 0, weights));
  });
  return parts.reduce((sum, part) => apply('add', sum, part));
}

/** What does not depend on an input has no gradient here and zeros there, or the other way round. */
function expectClose(each: Case, found: readonly number[] | undefined, written: Numbers): void {
  const wanted = written?.map((one) => numberOf(one, Number(one)));
  const zeros = (found ?? wanted ?? []).map(() => 0);
  const most = Math.max(0, ...(wanted ?? []).filter((one) => Number.isFinite(one)).map(Math.abs));
  const all = found ?? zeros;
  expect(all).toHaveLength((wanted ?? zeros).length);
  for (const [nr, value] of (wanted ?? zeros).entries()) {
    const element = all[nr] ?? 0;
    const isClose =
      Object.is(element, value) ||
      element === value ||
      Math.abs(element - value) <= 2e-5 * Math.abs(value) + 2e-6 * most + 2e-6;
    expect(isClose, `${JSON.stringify(each)}: ${element} is not ${value}`).toBe(true);
  }
}
