/** Random programs that shrink: fewer values, nearer references, local instead of remote, smaller numbers. */
import { array, boolean, constantFrom, integer, nat, oneof, record, tuple } from 'fast-check';
import type { Arbitrary } from 'fast-check';

import type {
  ConformanceProgram,
  OpValue,
  ProgramValue,
} from '../../../actors/conformance/program.ts';
import type { OperatorName } from '../../../machines/engine/operators.ts';

export interface ProgramSize {
  readonly leavesMax: number;
  readonly opsMax: number;
  /** There are 2 at least. */
  readonly workersMax: number;
}

/** Numbers stay small and sums of them exact enough, so that gradients can be compared. */
const unary: readonly OperatorName[] = [
  'neg',
  'clone',
  'relu',
  'sin',
  'tanh',
  'sigmoid',
  'transpose',
  'detach',
];
const binary: readonly OperatorName[] = ['add', 'mul', 'sub', 'matmul'];
const vias = ['local', 'rpc_sync', 'rpc_async', 'remote', 'relay'] as const;

export function programs({
  leavesMax,
  opsMax,
  workersMax,
}: ProgramSize): Arbitrary<ConformanceProgram> {
  const worker = nat({ max: workersMax - 1 });
  const back = nat({ max: 5 });
  const leaf = record({
    data: array(integer({ max: 4, min: -4 }), { maxLength: 4, minLength: 4 }),
    requiresGrad: boolean().map((no) => !no),
    worker,
  });
  const op = record({
    back: tuple(back, back),
    hops: array(worker, { maxLength: 3, minLength: 1 }),
    op: oneof(constantFrom(...binary), constantFrom(...unary)),
    to: worker,
    via: constantFrom(...vias),
  });
  const root = record({ back, to: worker, via: constantFrom('local', 'rpc_sync') });
  return record({
    leaves: array(leaf, { maxLength: leavesMax, minLength: 1 }),
    ops: array(op, { maxLength: opsMax }),
    passes: integer({ max: 2, min: 1 }),
    roots: array(root, { maxLength: 2, minLength: 1 }),
    size: integer({ max: 2, min: 1 }),
    workers: integer({ max: workersMax, min: 2 }),
  }).map(({ leaves, ops, passes, roots, size, workers }): ConformanceProgram => {
    const values: ProgramValue[] = leaves.map(({ data, requiresGrad, worker: at }, index) => ({
      data: data.slice(0, size * size).map((number) => number / 4),
      id: `l${index}`,
      kind: 'leaf',
      requires_grad: requiresGrad,
      shape: [size, size],
      worker: at % workers,
    }));
    const nameAt = (steps: number) => values[Math.max(0, values.length - 1 - steps)]?.id ?? '';
    for (const [index, each] of ops.entries()) {
      const args = (binary.includes(each.op) ? each.back : [each.back[0]]).map(nameAt);
      values.push(opValue({ ...placed(each, workers), args, id: `v${index}` }));
    }
    const ends = roots.map((each, index): OpValue =>
      opValue({
        ...placed({ ...each, hops: [] }, workers),
        args: [nameAt(each.back)],
        id: `r${index}`,
        op: 'sum',
      }),
    );
    return {
      backward_passes: passes,
      id: 'p',
      roots: ends.map(({ id }) => id),
      values: [...values, ...ends],
      workers,
    };
  });
}

/** The same, on the workers that there are. */
function placed<T extends { readonly hops: readonly number[]; readonly to: number }>(
  each: T,
  workers: number,
): T {
  return { ...each, hops: each.hops.map((hop) => hop % workers), to: each.to % workers };
}

interface OpParts {
  readonly args: readonly string[];
  readonly hops: readonly number[];
  readonly id: string;
  readonly op: OperatorName;
  readonly to: number;
  readonly via: OpValue['via'];
}

function opValue({ args, hops, id, op, to, via }: OpParts): OpValue {
  if (via === 'local') return { args, id, kind: 'op', op, via };
  return via === 'relay'
    ? { args, hops, id, kind: 'op', op, via }
    : { args, id, kind: 'op', op, to, via };
}
