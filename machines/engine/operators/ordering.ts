/**
 * Operators that find places by comparing elements: what they give is gathered from there.
 *
 * @see PyTorch, `aten/src/ATen/native/Sorting.cpp`; `ReduceOps.cpp`.
 */
import type { Parts } from '../compose.ts';
import { composed, overloaded } from '../compose.ts';
import type { Tensor } from '../graph.ts';
import type { Attributes, Operator } from '../operator.ts';
import { flagIn, inputAt, numberIn } from '../operator.ts';
import { int64 } from '../tensor.ts';
import { TorchError, torchCheck } from '../torch-error.ts';
import { wrapDim } from './dims.ts';
import { groupsOf, membersOf } from './groups.ts';
import { byDim } from './reductions.ts';

export const ordering = {
  /** In order along `dim`, and where each was. */
  sort: composed(1, ({ apply }, inputs, attributes) => {
    const isDescending = flagIn(attributes, 'descending');
    return along(apply, inputAt(inputs, 0), {
      attributes,
      pick: (line) => inOrder(line, isDescending),
    });
  }),
  msort: overloaded(1, ({ args }) => ({ args, attributes: { dim: 0 }, op: 'sort.values' })),
  'sort.values': composed(1, ({ apply }, inputs, attributes) => [
    apply('sort', inputs, attributes),
  ]),
  argsort: composed(1, ({ applyAll }, inputs, attributes) =>
    applyAll('sort', inputs, attributes).slice(1),
  ),
  /** The `k` largest along `dim`, or the smallest. */
  topk: composed(1, ({ apply }, inputs, attributes) => {
    const x = inputAt(inputs, 0);
    const k = numberIn(attributes, 'k', 0);
    const size = x.shape[wrapDim(numberIn(attributes, 'dim', -1), x.shape.length)] ?? 1;
    torchCheck(k >= 0 && k <= size, 'selected index k out of range');
    const isLargest = attributes['largest'] !== false;
    return along(apply, x, {
      attributes,
      pick: (line) => inOrder(line, isLargest).slice(0, k),
    });
  }),
  /** The `k`th smallest along `dim`. */
  kthvalue: composed(1, (parts, inputs, attributes) => {
    const x = inputAt(inputs, 0);
    const k = numberIn(attributes, 'k', 1);
    const size = x.shape[wrapDim(numberIn(attributes, 'dim', -1), x.shape.length)] ?? 1;
    torchCheck(
      k >= 1 && k <= size,
      'kthvalue(): selected number k out of range for dimension ' +
        `${wrapDim(numberIn(attributes, 'dim', -1), x.shape.length)}`,
    );
    return one(parts, x, { attributes, pick: (line) => inOrder(line, false).slice(k - 1, k) });
  }),
  /** The lower of the two in the middle; of all elements, or along `dim` and where it was. */
  median: byDim('median'),
  'median.dim': composed(1, (parts, inputs, attributes) =>
    one(parts, inputAt(inputs, 0), { attributes, pick: middle }),
  ),
  /** The largest so far along `dim`, and where it was. */
  cummax: composed(1, ({ apply }, inputs, attributes) =>
    along(apply, inputAt(inputs, 0), { attributes, pick: (line) => best(line, (a, b) => a >= b) }),
  ),
  cummin: composed(1, ({ apply }, inputs, attributes) =>
    along(apply, inputAt(inputs, 0), { attributes, pick: (line) => best(line, (a, b) => a <= b) }),
  ),
} satisfies Readonly<Record<string, Operator>>;

type Line = readonly number[];

interface Picking {
  readonly attributes: Attributes;
  /** The places in a line of what is wanted of it. */
  readonly pick: (line: Line) => readonly number[];
}

/** What is picked of each line along `dim`, and the places. */
function along(apply: Parts['apply'], x: Tensor, { attributes, pick }: Picking): readonly Tensor[] {
  const rank = x.shape.length;
  const dim = wrapDim(numberIn(attributes, 'dim', -1), rank);
  if (rank === 0) return [apply('clone', [x]), int64([], [0])];
  const lines = membersOf(groupsOf(x.shape, { dim })).map((places) =>
    pick(places.map((place) => x.data[place] ?? 0)),
  );
  const anyLine = Array.from<number>({ length: x.shape[dim] ?? 0 }).fill(0);
  const { length } = lines[0] ?? pick(anyLine);
  const shape = x.shape.with(dim, length);
  const data = Array.from<number>({ length: lines.length * length }).fill(0);
  for (const [nr, places] of membersOf(groupsOf(shape, { dim })).entries()) {
    for (const [index, place] of places.entries()) data[place] = lines[nr]?.[index] ?? 0;
  }
  const index = int64(shape, data);
  return [apply('gather', [x, index], { dim }), index];
}

/** The same where one is picked: the dimension goes away unless it is kept. */
function one({ apply }: Parts, x: Tensor, picking: Picking): readonly Tensor[] {
  const rank = x.shape.length;
  const dim = wrapDim(numberIn(picking.attributes, 'dim', -1), rank);
  if (rank > 0 && x.shape[dim] === 0) {
    throw new TorchError('IndexError', `Expected reduction dim ${dim} to have non-zero size.`);
  }
  const found = along(apply, x, picking);
  if (flagIn(picking.attributes, 'keepdim') || rank === 0) return found;
  const [values = x, index = x] = found;
  const shape = index.shape.toSpliced(dim, 1);
  return [apply('squeeze.dim', [values], { dim }), int64(shape, index.data)];
}

/** Equal ones stay as they were; what is no number counts as the largest. */
function inOrder(line: Line, isDescending: boolean): readonly number[] {
  const sign = isDescending ? -1 : 1;
  return [...line.keys()].toSorted((a, b) => sign * compare(line[a] ?? 0, line[b] ?? 0));
}

function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
}

function middle(line: Line): readonly number[] {
  const none = line.findIndex((each) => Number.isNaN(each));
  if (none !== -1) return [none];
  const half = Math.floor((line.length - 1) / 2);
  return inOrder(line, false).slice(half, half + 1);
}

/** For each element the place of the best so far, the last of equal ones. */
function best(line: Line, beats: (candidate: number, best: number) => boolean): readonly number[] {
  let at = 0;
  return line.map((each, place) => {
    const before = line[at] ?? 0;
    if (Number.isNaN(each) || beats(each, before)) at = place;
    return at;
  });
}
