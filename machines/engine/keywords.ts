/**
 * What the operators of programs take beside tensors, by name. What is not here is refused: an argument that
 * is ignored would be a result that PyTorch does not give.
 *
 * @see PyTorch, `aten/src/ATen/native/native_functions.yaml`; `torch/nn/functional.py`.
 */
import { SimulationError, unreachable } from '../../src/core/errors.ts';
import type { Attributes } from './operator.ts';
import type { OperatorName } from './operators.ts';

/** What an argument is: `ints` are one or several, `list` is a list even of one. */
type Kind = 'flag' | 'int' | 'ints' | 'list' | 'number' | 'text';

type Keywords = Readonly<Record<string, Kind>>;

const kindTexts: Readonly<Record<Kind, string>> = {
  flag: 'true or false',
  int: 'an integer',
  ints: 'an integer or a list of integers',
  list: 'a list of integers',
  number: 'a number',
  text: 'a text',
};

const dim: Keywords = { dim: 'int' };
const reduced: Keywords = { dim: 'ints', keepdim: 'flag' };
const chosen: Keywords = { dim: 'int', keepdim: 'flag' };
const spread: Keywords = { ...reduced, correction: 'int', unbiased: 'flag' };
const loss: Keywords = { reduction: 'text' };
const margin: Keywords = { ...loss, margin: 'number' };
const moved: Keywords = { destination: 'ints', source: 'ints' };
const classLoss: Keywords = { ...loss, ignore_index: 'int' };
const product: Keywords = { alpha: 'number', beta: 'number' };
const limits: Keywords = { max: 'number', min: 'number' };
const triangle: Keywords = { diagonal: 'int' };
const shape: Keywords = { shape: 'list' };
const split: Keywords = { ...dim, split_size: 'ints' };
const chunk: Keywords = { ...dim, chunks: 'int' };
const embedding: Keywords = { padding_idx: 'int', scale_grad_by_freq: 'flag', sparse: 'flag' };

/** Those of operators that take any. */
const keywords: ReadonlyMap<string, Keywords> = new Map(
  Object.entries({
    add: { alpha: 'number' },
    addbmm: product,
    addcdiv: { value: 'number' },
    addcmul: { value: 'number' },
    addmm: product,
    addmv: product,
    addr: product,
    amax: reduced,
    amin: reduced,
    argmax: chosen,
    argmin: chosen,
    argsort: { ...dim, descending: 'flag' },
    baddbmm: product,
    binary_cross_entropy: loss,
    binary_cross_entropy_with_logits: loss,
    broadcast_to: { size: 'list' },
    cat: dim,
    cdist: { p: 'number' },
    celu: { alpha: 'number' },
    chunk,
    clamp: limits,
    clamp_max: { max: 'number' },
    clamp_min: { min: 'number' },
    clip: limits,
    concat: dim,
    concatenate: dim,
    cosine_embedding_loss: margin,
    cosine_similarity: { ...dim, eps: 'number' },
    cross: dim,
    cross_entropy: classLoss,
    cummax: dim,
    cummin: dim,
    cumprod: dim,
    cumsum: dim,
    diag: triangle,
    diag_embed: { dim1: 'int', dim2: 'int', offset: 'int' },
    diagonal: { dim1: 'int', dim2: 'int', offset: 'int' },
    diff: { ...dim, n: 'int' },
    dist: { p: 'number' },
    einsum: { equation: 'text' },
    elu: { alpha: 'number', input_scale: 'number', scale: 'number' },
    embedding,
    embedding_bag: { ...embedding, include_last_offset: 'flag', mode: 'text' },
    expand: { size: 'list' },
    fill: { value: 'number' },
    flatten: { end_dim: 'int', start_dim: 'int' },
    flip: { dims: 'list' },
    gather: dim,
    gaussian_nll_loss: { ...loss, eps: 'number', full: 'flag' },
    gelu: { approximate: 'text' },
    glu: dim,
    group_norm: { eps: 'number', num_groups: 'int' },
    hardshrink: { lambd: 'number' },
    hardtanh: { max_val: 'number', min_val: 'number' },
    hinge_embedding_loss: margin,
    huber_loss: loss,
    index_add: { ...dim, alpha: 'number' },
    index_select: dim,
    instance_norm: { eps: 'number' },
    kl_div: { ...loss, log_target: 'flag' },
    kthvalue: { ...chosen, k: 'int' },
    l1_loss: loss,
    layer_norm: { eps: 'number', normalized_shape: 'ints' },
    leaky_relu: { negative_slope: 'number' },
    log_softmax: dim,
    logcumsumexp: dim,
    logit: { eps: 'number' },
    logsumexp: reduced,
    margin_ranking_loss: margin,
    masked_fill: { value: 'number' },
    matrix_power: { n: 'int' },
    max: chosen,
    mean: reduced,
    median: chosen,
    min: chosen,
    moveaxis: moved,
    movedim: moved,
    mse_loss: loss,
    multilabel_soft_margin_loss: loss,
    nan_to_num: { nan: 'number', neginf: 'number', posinf: 'number' },
    nanmean: reduced,
    nansum: reduced,
    narrow: { ...dim, length: 'int', start: 'int' },
    nll_loss: classLoss,
    norm: { ...reduced, p: 'number' },
    normalize: { ...dim, eps: 'number', p: 'number' },
    pad: { pad: 'list', value: 'number' },
    pairwise_distance: { eps: 'number', keepdim: 'flag', p: 'number' },
    permute: { dims: 'list' },
    poisson_nll_loss: { ...loss, eps: 'number', log_input: 'flag' },
    prod: reduced,
    repeat: { repeats: 'list' },
    repeat_interleave: { ...dim, repeats: 'int' },
    reshape: shape,
    roll: { dims: 'ints', shifts: 'ints' },
    rot90: { dims: 'list', k: 'int' },
    rsub: { alpha: 'number' },
    scatter: dim,
    scatter_add: dim,
    select: { ...dim, index: 'int' },
    slice: { ...dim, end: 'int', start: 'int', step: 'int' },
    smooth_l1_loss: loss,
    soft_margin_loss: loss,
    softmax: dim,
    softmin: dim,
    softplus: { beta: 'number', threshold: 'number' },
    softshrink: { lambd: 'number' },
    sort: { ...dim, descending: 'flag' },
    split,
    split_with_sizes: { ...dim, split_sizes: 'list' },
    squeeze: dim,
    stack: dim,
    std: spread,
    std_mean: spread,
    sub: { alpha: 'number' },
    subtract: { alpha: 'number' },
    sum: reduced,
    swapaxes: { axis0: 'int', axis1: 'int' },
    swapdims: { dim0: 'int', dim1: 'int' },
    tensordot: { dims: 'int', dims_other: 'list', dims_self: 'list' },
    threshold: { threshold: 'number', value: 'number' },
    tile: { dims: 'list' },
    to: { device: 'text' },
    topk: { ...dim, k: 'int', largest: 'flag', sorted: 'flag' },
    transpose: { dim0: 'int', dim1: 'int' },
    tril: triangle,
    triplet_margin_loss: { ...margin, eps: 'number', p: 'number', swap: 'flag' },
    triu: triangle,
    unbind: dim,
    unflatten: { ...dim, sizes: 'list' },
    unsafe_chunk: chunk,
    unsafe_split: split,
    unsqueeze: dim,
    var: spread,
    var_mean: spread,
    view: shape,
  } satisfies Partial<Record<OperatorName, Keywords>>),
);

/**
 * Refuses what an operator does not take; parts of operators, which no program names, take what they are given.
 *
 * @throws {SimulationError} `engine/bad-argument` for a name that is unknown here, or a value of another kind.
 */
export function requireKeywords(op: string, attributes: Attributes): void {
  const known = keywords.get(op) ?? {};
  for (const [name, value] of Object.entries(attributes)) {
    const kind = Object.hasOwn(known, name) ? known[name] : undefined;
    if (kind === undefined && isPart(op)) continue;
    if (kind === undefined) throw unknownKeyword(op, name);
    if (isOfKind(value, kind)) continue;
    throw new SimulationError(
      'engine/bad-argument',
      `"${op}" was given ${JSON.stringify(value) ?? String(value)} as "${name}", where ${kindTexts[kind]} is needed.`,
    );
  }
}

/** Whether the operator is only a part of others. */
function isPart(op: string): boolean {
  return /[._]backward$|^_|\./.test(op);
}

function unknownKeyword(op: string, name: string): SimulationError {
  const names = Object.keys(keywords.get(op) ?? {}).toSorted();
  const taken = names.length === 0 ? 'takes nothing by name' : `knows ${names.join(', ')}`;
  return new SimulationError(
    'engine/bad-argument',
    `"${op}" was given "${name}", and ${taken} here. Leave it out, or write it with other operators.`,
  );
}

function isOfKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'flag':
      return typeof value === 'boolean';
    case 'int':
      return Number.isInteger(value);
    case 'ints':
      return Number.isInteger(value) || isListOfIntegers(value);
    case 'list':
      return isListOfIntegers(value);
    case 'number':
      return typeof value === 'number';
    case 'text':
      return typeof value === 'string';
    default:
      return unreachable(kind);
  }
}

function isListOfIntegers(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => Number.isInteger(each));
}
