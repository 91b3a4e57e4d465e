/**
 * What operators take behind their tensors, in PyTorch's order: so that a number without a name finds its own,
 * and what PyTorch cannot do without is asked for in its words.
 *
 * @see PyTorch, `native_functions.yaml`; `torch/nn/functional.py`; `torch/csrc/utils/python_arg_parser.cpp`.
 */
import { unreachable } from '../../src/core/errors.ts';
import type { Arity } from './arity.ts';
import { mostOf } from './arity.ts';
import type { Attributes, WrittenCall } from './operator.ts';
import { TorchError } from './torch-error.ts';

/** How PyTorch says that an argument is absent: one signature, one of several, or a function of Python. */
type Voice = 'one' | 'several' | 'python';

interface Signature {
  /** The names in order; the last may begin with `*`: it takes all numbers that are left. */
  readonly names: readonly string[];
  /** How many of them there must be. */
  readonly required: number;
  readonly voice: Voice;
}

const signatures: ReadonlyMap<string, Signature> = new Map(
  Object.entries({
    argsort: optional('dim'),
    broadcast_to: one(1, '*size'),
    cdist: optional('p'),
    celu: optional('alpha'),
    chunk: one(1, 'chunks', 'dim'),
    clamp: optional('min', 'max'),
    clamp_max: several(1, 'max'),
    clamp_min: several(1, 'min'),
    clip: optional('min', 'max'),
    cross: optional('dim'),
    cummax: several(1, 'dim'),
    cummin: several(1, 'dim'),
    cumprod: several(1, 'dim'),
    cumsum: several(1, 'dim'),
    diag: optional('diagonal'),
    diag_embed: optional('offset', 'dim1', 'dim2'),
    diagonal: optional('offset', 'dim1', 'dim2'),
    diff: optional('n', 'dim'),
    dist: optional('p'),
    einsum: python(1, 'equation'),
    elu: optional('alpha'),
    expand: one(1, '*size'),
    fill: several(1, 'value'),
    flatten: optional('start_dim', 'end_dim'),
    flip: one(1, '*dims'),
    gather: several(1, 'dim'),
    glu: optional('dim'),
    group_norm: python(1, 'num_groups'),
    hardshrink: optional('lambd'),
    hardtanh: optional('min_val', 'max_val'),
    index_add: several(1, 'dim'),
    index_select: several(1, 'dim'),
    kthvalue: several(1, 'k', 'dim'),
    layer_norm: python(1, '*normalized_shape'),
    leaky_relu: optional('negative_slope'),
    log_softmax: optional('dim'),
    logcumsumexp: several(1, 'dim'),
    logit: optional('eps'),
    logsumexp: several(1, 'dim'),
    masked_fill: several(1, 'value'),
    matrix_power: one(1, 'n'),
    median: optional('dim'),
    moveaxis: several(2, 'source', 'destination'),
    movedim: several(2, 'source', 'destination'),
    nan_to_num: optional('nan', 'posinf', 'neginf'),
    narrow: several(3, 'dim', 'start', 'length'),
    pad: python(1, 'pad'),
    permute: one(1, '*dims'),
    repeat: one(1, '*repeats'),
    repeat_interleave: several(1, 'repeats', 'dim'),
    reshape: one(1, '*shape'),
    roll: one(1, 'shifts', 'dims'),
    rot90: optional('k', '*dims'),
    scatter: several(1, 'dim'),
    scatter_add: several(1, 'dim'),
    select: several(2, 'dim', 'index'),
    softmax: optional('dim'),
    softmin: optional('dim'),
    softplus: optional('beta', 'threshold'),
    softshrink: optional('lambd'),
    sort: optional('dim'),
    split: python(1, 'split_size', 'dim'),
    split_with_sizes: one(1, 'split_sizes', 'dim'),
    squeeze: optional('dim'),
    swapaxes: one(2, 'axis0', 'axis1'),
    swapdims: one(2, 'dim0', 'dim1'),
    tensordot: optional('dims'),
    threshold: python(2, 'threshold', 'value'),
    tile: one(1, '*dims'),
    topk: one(1, 'k', 'dim'),
    // Programs call the transpose of a matrix so.
    transpose: optional('dim0', 'dim1'),
    tril: optional('diagonal'),
    triu: optional('diagonal'),
    unbind: optional('dim'),
    unflatten: several(2, 'dim', '*sizes'),
    unsqueeze: one(1, 'dim'),
    view: several(1, '*shape'),
    ...Object.fromEntries(
      ['amax', 'amin', 'argmax', 'argmin', 'max', 'mean', 'min', 'prod', 'std', 'sum', 'var'].map(
        (name) => [name, optional('dim')],
      ),
    ),
    norm: optional('p', 'dim'),
  }),
);

function optional(...names: readonly string[]): Signature {
  return { names, required: 0, voice: 'one' };
}

function one(required: number, ...names: readonly string[]): Signature {
  return { names, required, voice: 'one' };
}

function several(required: number, ...names: readonly string[]): Signature {
  return { names, required, voice: 'several' };
}

function python(required: number, ...names: readonly string[]): Signature {
  return { names, required, voice: 'python' };
}

/** What Python calls an argument where its name here is another. */
const pythonNames: ReadonlyMap<string, string> = new Map([
  ['split_size', 'split_size_or_sections'],
]);

/** Whether an operator takes so many arguments, those included that go without their names. */
export function takesWritten(op: string, arity: Arity, args: readonly unknown[]): boolean {
  const most = mostOf(arity);
  const spare = args.slice(most);
  const names = signatures.get(op)?.names ?? [];
  const room = names.at(-1)?.startsWith('*') === true ? Infinity : names.length;
  return spare.length <= room && spare.every((arg) => typeof arg === 'number');
}

/**
 * Refuses a call without what its operator needs.
 *
 * @throws {TorchError} `TypeError`, as PyTorch's parser of arguments says it.
 */
export function requireArguments(op: string, { args, attributes }: WrittenCall): void {
  const signature = signatures.get(op);
  if (signature === undefined) return;
  const needed = signature.names.slice(0, signature.required).map((name) => name.replace('*', ''));
  const absent = needed.filter((name) => !(name in attributes));
  if (absent.length === 0) return;
  throw new TorchError(
    'TypeError',
    `${op}() ${wordsFor(signature.voice, absent, { args, attributes })}`,
  );
}

function wordsFor(voice: Voice, absent: readonly string[], call: WrittenCall): string {
  const count = absent.length;
  switch (voice) {
    case 'one': {
      const names = absent.map((name) => `"${name}"`).join(', ');
      // PyTorch has its plural the wrong way round.
      return `missing ${count} required positional argument${count === 1 ? 's' : ''}: ${names}`;
    }
    case 'python': {
      const names = absent.map((name) => `'${pythonNames.get(name) ?? name}'`).join(', ');
      return `missing ${count} required positional argument${count === 1 ? '' : 's'}: ${names}`;
    }
    case 'several':
      return `received an invalid combination of arguments - got (${given(call)}), but expected one of:`;
    default:
      return unreachable(voice);
  }
}

/** The types of what was given, as PyTorch lists them. */
function given({ args, attributes }: WrittenCall): string {
  const tensors = args.map((arg) => (typeof arg === 'number' ? typeOf(arg) : 'Tensor'));
  const named = Object.entries(attributes).map(([name, value]) => `${name}=${typeOf(value)}`);
  return [...tensors, ...named].join(', ');
}

function typeOf(value: Attributes[string]): string {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return 'list';
}

/** The call with the numbers that stand behind the tensors by their names. */
export function withNames(
  op: string,
  arity: Arity,
  { args, attributes }: WrittenCall,
): WrittenCall {
  const most = mostOf(arity);
  const names = signatures.get(op)?.names;
  if (args.length <= most || names === undefined || !takesWritten(op, arity, args)) {
    return { args, attributes };
  }
  const numbers = args.slice(most).filter((arg) => typeof arg === 'number');
  const named = names.flatMap(
    (name, nr): readonly (readonly [string, number | readonly number[]])[] => {
      const number = numbers[nr];
      if (number === undefined) return [];
      return [name.startsWith('*') ? [name.slice(1), numbers.slice(nr)] : [name, number]];
    },
  );
  return { args: args.slice(0, most), attributes: { ...attributes, ...Object.fromEntries(named) } };
}
