/**
 * What real PyTorch 1.13 made of programs that change tensors and views of them in place (`recorded/views.py`):
 * values, gradients, second gradients, and what it raised.
 */
import { expect, test } from 'vitest';

import type { Gradient, Shape, Tensor } from '../../../machines/engine/graph.ts';
import type { Attributes } from '../../../machines/engine/operator.ts';
import type { OperatorName } from '../../../machines/engine/operators.ts';
import { tensor } from '../../../machines/engine/tensor.ts';
import { TorchError } from '../../../machines/engine/torch-error.ts';
import { unreachable } from '../../../src/core/errors.ts';
import { jsonLines } from '../../support/json-lines.ts';
import { gradLocally } from './local-passes.ts';
import type { Thread } from './thread.ts';
import { createThread, dataOf } from './thread.ts';

type Step =
  | { readonly type: 'leaf' | 'buffer'; readonly data: readonly number[]; readonly shape: Shape }
  | { readonly type: 'grad-mode'; readonly on: boolean }
  | {
      readonly type: 'apply' | 'change';
      /** Names by their numbers; a text is a number. */
      readonly args: readonly (number | string)[];
      readonly attributes?: Attributes;
      readonly op: OperatorName;
    };

type Numbers = readonly (readonly number[])[];

interface Recorded {
  readonly error?: string;
  readonly grads?: readonly (readonly number[] | null)[];
  readonly second?: Numbers;
  readonly steps: readonly Step[];
  readonly used: readonly number[];
  readonly values?: Numbers;
}

// casts -- the file is written by the script beside it
const programs = jsonLines(new URL('recorded/views.jsonl', import.meta.url)) as readonly Recorded[];

const numbered = programs.map((program, at) => [at, program] as const);

test.each(numbered.filter(([, { error }]) => error === undefined))('program %i', (_, program) => {
  const { grads = [], second = [], values = [] } = program;
  const made = run(program);
  expect(distance(made.values, values)).toBeLessThan(1);
  const plain = grads.map((grad) => grad ?? []);
  expect(distance(made.grads, plain)).toBeLessThan(1);
  // What PyTorch has no second gradient of may be zeros here, and the other way round.
  for (const [at, numbers] of second.entries()) {
    const found = made.second[at] ?? [];
    const length = Math.max(found.length, numbers.length);
    expect(distance([filledTo(length, found)], [filledTo(length, numbers)])).toBeLessThan(1);
  }
});

test.each(numbered.filter(([, { error }]) => error !== undefined))(
  'program %i is refused',
  (_, program) => {
    expect(() => run(program)).toThrow(TorchError);
    expect(() => run(program)).toThrow(program.error);
  },
);

test('the programs change views in all ways', () => {
  const changes = programs.filter(({ error }) => error === undefined).map(({ steps }) => steps);
  expect(
    changes.filter((steps) => steps.some(({ type }) => type === 'change')).length,
  ).toBeGreaterThan(40);
  for (const text of [
    'multiple views',
    'no_grad mode',
    'single memory',
    'a view of a leaf',
    'modified by',
  ]) {
    expect(programs.some(({ error }) => error?.includes(text) === true)).toBe(true);
  }
});

function run({ steps, used }: Recorded) {
  const thread = createThread('t');
  const names: Tensor[] = [];
  const leaves: Tensor[] = [];
  for (const step of steps) {
    const made = take(thread, step, names);
    names.push(...made.map((each) => placed(thread, each)));
    if (step.type === 'leaf') leaves.push(...made);
  }
  thread.setGradMode(true);
  if (used === undefined) return { grads: [], second: [], values: [] };
  const loss = used
    .map((at) => weighted(thread, thread.current(names[at] ?? tensor([]))))
    .reduce((sum, each) => thread.apply('add', sum, each), tensor([0], { shape: [] }));
  const grads = loss.requiresGrad ? gradients(thread, loss, leaves) : [];
  const squares = grads
    .filter((each) => each.type === 'tensor' && each.requiresGrad)
    .map((each) => thread.apply('sum', thread.apply('mul', asTensor(each), asTensor(each))));
  const [first, ...more] = squares;
  const root = more.reduce((sum, each) => thread.apply('add', sum, each), first ?? tensor([]));
  const second = first === undefined ? [] : gradients(thread, root, leaves);
  thread.setGradMode(false);
  return {
    grads: grads.map((each) => dataOf(each) ?? []),
    second: second.map((each) => dataOf(each) ?? []),
    values: names.map((each) => thread.current(each).data),
  };
}

function take(thread: Thread, step: Step, names: readonly Tensor[]): readonly Tensor[] {
  switch (step.type) {
    case 'buffer':
      return [thread.buffer(tensor(step.data, { shape: step.shape }))];
    case 'grad-mode':
      thread.setGradMode(step.on);
      return [];
    case 'leaf':
      return [thread.leaf(step.data, step.shape)];
    case 'apply':
    case 'change': {
      const { attributes = {}, op } = step;
      const args = step.args.map((arg) =>
        typeof arg === 'string' ? Number(arg) : (names[arg] ?? tensor([])),
      );
      if (step.type === 'apply') return thread.applyAll(attributes, op, ...args);
      thread.applyInPlace(op, ...args);
      return [];
    }
    default:
      return unreachable(step);
  }
}

/** In PyTorch each tensor lies in a place of its own. */
function placed(thread: Thread, made: Tensor): Tensor {
  return made.requiresGrad || made.storage !== undefined ? made : thread.buffer(made);
}

function weighted(thread: Thread, source: Tensor): Tensor {
  const weights = source.data.map((_, index) => (index + 1) / 4);
  return thread.apply('sum', thread.apply('mul', source, tensor(weights, { shape: source.shape })));
}

function gradients(thread: Thread, root: Tensor, inputs: readonly Tensor[]): readonly Gradient[] {
  const { frame, grads } = gradLocally({
    allowUnused: true,
    createGraph: true,
    frame: thread.frame(),
    inputs,
    keepGraph: true,
    outputs: [root],
    versions: thread.versions(),
  });
  if (frame !== undefined) thread.setFrame(frame);
  return grads;
}

function asTensor(gradient: Gradient): Tensor {
  return gradient.type === 'tensor' ? gradient : tensor([]);
}

function filledTo(length: number, numbers: readonly number[]): readonly number[] {
  return Array.from({ length }, (_, index) => numbers[index] ?? 0);
}

/** The largest difference between numbers, by what is allowed. */
function distance(found: Numbers, wanted: Numbers): number {
  const lengths = wanted.map(({ length }) => length);
  if (found.length !== wanted.length || found.some(({ length }, at) => length !== lengths[at])) {
    return Infinity;
  }
  const all = found.flat();
  const differences = wanted
    .flat()
    .map((number, at) => Math.abs((all[at] ?? NaN) - number) / (1e-5 + 1e-4 * Math.abs(number)));
  return Math.max(0, ...differences);
}
