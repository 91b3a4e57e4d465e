/**
 * Programs that were run on real PyTorch 1.13.1, on one process or on a cluster, where gradients are the
 * same: what came out, against the local engine.
 */
import { expect, test } from 'vitest';

import { accumulate } from '../../../machines/engine/accumulate.ts';
import type { Gradient, Shape, Tensor } from '../../../machines/engine/graph.ts';
import { tensorId } from '../../../machines/engine/ids.ts';
import type { OperatorName } from '../../../machines/engine/operators.ts';
import { validateRoots } from '../../../machines/engine/roots.ts';
import { tensor } from '../../../machines/engine/tensor.ts';
import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import { emptyMap, entriesOf, getIn, hasIn } from '../../../src/core/persistent-map.ts';
import { jsonLines } from '../../support/json-lines.ts';
import { backwardLocally } from './local-passes.ts';
import { createThread, dataOf, idOf } from './thread.ts';

type Value =
  | {
      readonly id: string;
      readonly kind: 'leaf';
      readonly data: readonly number[];
      readonly requires_grad: boolean;
      readonly shape: Shape;
    }
  | {
      readonly id: string;
      readonly kind: 'op';
      readonly args: readonly string[];
      readonly op: OperatorName;
    };

interface Recorded {
  readonly error: string | null;
  readonly forward: Readonly<Record<string, readonly number[]>>;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  readonly id: string;
  readonly passes: number;
  readonly roots: readonly string[];
  readonly values: readonly Value[];
}

const recorded = jsonLines(
  new URL('recorded/programs.jsonl', import.meta.url),
) as readonly Recorded[];

const succeeded = recorded.filter(({ error }) => error === null);
const refused = recorded.filter(({ error }) => error !== null);

test.each(succeeded)('$id has the gradients of PyTorch', (program) => {
  const values = run(program);
  for (const [root, data] of Object.entries(program.forward)) {
    expectClose(values.get(root)?.data, data);
  }
  const gradients = backwardTimes(program.passes, rootsOf(program, values));
  for (const { id, kind } of program.values) {
    const leaf = values.get(id);
    if (kind !== 'leaf' || leaf === undefined) continue;
    expect(hasIn(gradients, idOf(leaf))).toBe(program.gradients[id] !== undefined);
    expectClose(dataOf(getIn(gradients, idOf(leaf))), program.gradients[id]);
  }
});

test.each(refused)('$id is refused as PyTorch refuses it: $error', (program) => {
  const values = run(program);
  expect(() => validateRoots(rootsOf(program, values))).toThrow(program.error ?? 'no error');
});

function run({ values }: Recorded): ReadonlyMap<string, Tensor> {
  const { apply, leaf } = createThread('t');
  const made = new Map<string, Tensor>();
  for (const value of values) {
    if (value.kind === 'op') {
      made.set(value.id, apply(value.op, ...value.args.map((arg) => made.get(arg) ?? Number.NaN)));
      continue;
    }
    const { data, requires_grad: requiresGrad, shape } = value;
    made.set(value.id, requiresGrad ? leaf(data, shape) : tensor(data, { shape }));
  }
  return made;
}

function rootsOf({ roots }: Recorded, values: ReadonlyMap<string, Tensor>): readonly Tensor[] {
  return roots.flatMap((root) => values.get(root) ?? []);
}

/** Gradients of several passes add up. */
function backwardTimes(passes: number, roots: readonly Tensor[]): PersistentMap<Gradient> {
  let sum = emptyMap<Gradient>();
  for (let pass = 0; pass < passes; pass += 1) {
    const { gradients } = backwardLocally(roots, { keepGraph: true });
    for (const [name, grad] of entriesOf(gradients)) {
      sum = accumulate(sum, { grad, variable: tensorId(name) });
    }
  }
  return sum;
}

/** To 1e-4 relative; the record has six digits after the point. */
function expectClose(
  found: readonly number[] | undefined,
  wanted: readonly number[] | undefined,
): void {
  expect(found?.length).toBe(wanted?.length);
  for (const [index, value] of (wanted ?? []).entries()) {
    const distance = Math.abs((found?.[index] ?? Number.NaN) - value);
    expect(distance).toBeLessThanOrEqual(1e-4 * Math.abs(value) + 1e-6);
  }
}
