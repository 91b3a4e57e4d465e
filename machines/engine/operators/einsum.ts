/**
 * Sums of products over subscripts, as Einstein wrote them: each tensor is laid out over all subscripts, then they
 * are multiplied and summed over those that the result has not.
 *
 * @see PyTorch, `aten/src/ATen/native/Linear.cpp`, `einsum`.
 */
import type { Parts } from '../compose.ts';
import { composed } from '../compose.ts';
import type { Tensor } from '../graph.ts';
import type { Operator } from '../operator.ts';
import { textIn } from '../operator.ts';
import { torchCheck } from '../torch-error.ts';

/** Of an `equation` such as `ij,jk->ik` and one tensor for each of its terms. */
export const einsums = {
  einsum: composed('many', ({ apply }, inputs, attributes) => {
    const equation = parse(textIn(attributes, 'equation'), inputs);
    const laid = inputs.map((input, nr) => laidOut(apply, input, { equation, nr }));
    const product = laid.reduce((one, other) => apply('mul', [one, other]));
    const { axes, kept } = equation;
    const dim = axes.slice(kept).map((_, index) => kept + index);
    if (dim.length > 0) return [apply('sum.dim', [product], { dim })];
    return [laid.length > 1 ? product : apply('view', [product], { shape: product.shape })];
  }),
} satisfies Readonly<Record<string, Operator>>;

/** A subscript, or one of the dimensions that an ellipsis stands for: `0` is the last of them. */
type Axis = number | string;

interface Equation {
  /** The axes of the result, then those that are summed over. */
  readonly axes: readonly Axis[];
  /** How many the result has. */
  readonly kept: number;
  /** The axes of each tensor. */
  readonly terms: readonly (readonly Axis[])[];
}

function parse(equation: string, inputs: readonly Tensor[]): Equation {
  const arrow = equation.indexOf('->');
  const left = arrow === -1 ? equation : equation.slice(0, arrow);
  const terms = left.split(',');
  torchCheck(
    terms.length >= inputs.length,
    'einsum(): more operands were provided than specified in the equation',
  );
  torchCheck(
    terms.length <= inputs.length,
    'einsum(): fewer operands were provided than specified in the equation',
  );
  let start = 0;
  const read = terms.map((term, nr) => {
    const subscripts = subscriptsOf(term, { from: start, whose: `operand ${nr}` });
    start += term.length + 1;
    return axesOf(subscripts, inputs[nr]?.shape.length ?? 0, nr);
  });
  const hidden = Math.max(
    0,
    ...read.flat().map((axis) => (typeof axis === 'number' ? axis + 1 : 0)),
  );
  const ellipsis = Array.from({ length: hidden }, (_, index) => hidden - 1 - index);
  checkSizes(read, inputs);
  const result =
    arrow === -1 ? impliedResult(read, ellipsis) : namedResult(equation, { arrow, ellipsis, read });
  const summed = [...new Set(read.flat())].filter((axis) => !result.includes(axis));
  return { axes: [...result, ...summed], kept: result.length, terms: read };
}

const dots = '...';

interface Term {
  /** Where it begins in the equation. */
  readonly from: number;
  readonly whose: string;
}

/** The subscripts of a term, with an ellipsis as one of them. */
function subscriptsOf(term: string, { from, whose }: Term): readonly string[] {
  const found: string[] = [];
  for (let index = 0; index < term.length; index += 1) {
    const each = term[index] ?? '';
    if (each === ' ') continue;
    if (each === '.') {
      torchCheck(
        !found.includes(dots),
        `einsum(): found '.' for ${whose} for which an ellipsis was already found`,
      );
      torchCheck(
        term.startsWith(dots, index),
        `einsum(): found '.' for ${whose} that is not part of any ellipsis`,
      );
      found.push(dots);
      index += 2;
      continue;
    }
    torchCheck(
      /[a-zA-Z]/.test(each),
      `einsum(): invalid subscript given at index ${from + index} in the equation string, subscripts must ` +
        'be in [a-zA-Z]',
    );
    found.push(each);
  }
  return found;
}

function axesOf(subscripts: readonly string[], rank: number, nr: number): readonly Axis[] {
  const hasDots = subscripts.includes(dots);
  const named = subscripts.length - Number(hasDots);
  torchCheck(
    hasDots ? named <= rank : named === rank,
    `einsum(): the number of subscripts in the equation (${named}) ` +
      `${hasDots ? 'is more than' : 'does not match'} the number of dimensions (${rank}) for operand ${nr}` +
      (hasDots ? '' : ' and no ellipsis was given'),
  );
  return subscripts.flatMap((each): readonly Axis[] =>
    each === dots
      ? Array.from({ length: rank - named }, (_, index) => rank - named - 1 - index)
      : [each],
  );
}

/** A subscript means one size; a size of 1 is stretched. */
function checkSizes(terms: readonly (readonly Axis[])[], inputs: readonly Tensor[]): void {
  const sizes = new Map<Axis, number>();
  for (const [nr, term] of terms.entries()) {
    const shape = inputs[nr]?.shape ?? [];
    for (const [dim, axis] of term.entries()) {
      if (typeof axis === 'number') continue;
      const size = shape[dim] ?? 1;
      const first = shape[term.indexOf(axis)] ?? 1;
      torchCheck(
        size === first,
        `einsum(): subscript ${axis} is repeated for operand ${nr} but the sizes don't match, ` +
          `${size} != ${first}`,
      );
      const seen = sizes.get(axis) ?? 1;
      torchCheck(
        size === 1 || seen === 1 || size === seen,
        `einsum(): subscript ${axis} has size ${size} for operand ${nr} which does not broadcast with ` +
          `previously seen size ${seen}`,
      );
      if (seen === 1) sizes.set(axis, size);
    }
  }
}

/** Those that stand once, in the order of the alphabet, capitals first. */
function impliedResult(
  terms: readonly (readonly Axis[])[],
  ellipsis: readonly Axis[],
): readonly Axis[] {
  const all = terms.flat().filter((axis) => typeof axis === 'string');
  const once = all.filter((axis) => all.indexOf(axis) === all.lastIndexOf(axis));
  return [...ellipsis, ...once.toSorted((a, b) => (a < b ? -1 : 1))];
}

interface NamedResult {
  readonly arrow: number;
  readonly ellipsis: readonly Axis[];
  readonly read: readonly (readonly Axis[])[];
}

function namedResult(equation: string, { arrow, ellipsis, read }: NamedResult): readonly Axis[] {
  const from = arrow + 2;
  const named = subscriptsOf(equation.slice(from), { from, whose: 'the output' });
  for (const each of named) {
    if (each === dots) continue;
    torchCheck(
      named.indexOf(each) === named.lastIndexOf(each),
      `einsum(): output subscript ${each} appears more than once in the output`,
    );
    torchCheck(
      read.flat().includes(each),
      `einsum(): output subscript ${each} does not appear in the equation for any input operand`,
    );
  }
  return named.flatMap((each): readonly Axis[] => (each === dots ? ellipsis : [each]));
}

/** The tensor with one dimension for each axis, of size 1 where it has none. */
function laidOut(
  apply: Parts['apply'],
  input: Tensor,
  { equation: { axes, terms }, nr }: { readonly equation: Equation; readonly nr: number },
): Tensor {
  let own = terms[nr] ?? [];
  let laid = input;
  for (const axis of new Set(own)) {
    while (own.indexOf(axis) !== own.lastIndexOf(axis)) {
      const [dim1, dim2] = [own.indexOf(axis), own.lastIndexOf(axis)];
      laid = apply('diagonal', [laid], { dim1, dim2, offset: 0 });
      own = [...own.filter((_, dim) => dim !== dim1 && dim !== dim2), axis];
    }
  }
  const present = axes.filter((axis) => own.includes(axis));
  const dims = present.map((axis) => own.indexOf(axis));
  if (dims.some((dim, index) => dim !== index)) laid = apply('permute', [laid], { dims });
  for (const [dim, axis] of axes.entries()) {
    if (!own.includes(axis)) laid = apply('unsqueeze', [laid], { dim });
  }
  return laid;
}
