/**
 * How user code makes tensors.
 *
 * @see PyTorch, `torch.tensor`, `torch.full`.
 */
import { deviceNamed } from '../machines/devices/device.ts';
import type { DType, Shape, Tensor } from '../machines/engine/graph.ts';
import { perform } from '../src/index.ts';
import type { Program } from '../src/index.ts';
import { raising, typeError } from './errors.ts';
import { launched } from './launches.ts';

/** What a tensor is made with. */
export interface TensorOptions extends FillOptions {
  /** One dimension of all elements unless given. */
  readonly shape?: Shape;
}

/** What a tensor of one value is made with. */
export interface FillOptions {
  /** `cpu` unless told; a number is the index of a CUDA device. */
  readonly device?: number | string;
  /** `float32` unless told; indices and classes are `int64`. */
  readonly dtype?: DType;
  readonly requiresGrad?: boolean;
}

/**
 * A tensor of these elements, row by row.
 *
 * @throws {TypeError} where an element is no number, as in a nested list: rows are what `shape` says.
 */
export function* tensor(data: readonly number[], options: TensorOptions = {}): Program<Tensor> {
  const odd: unknown = data.find((element) => typeof element !== 'number');
  if (odd !== undefined) {
    throw typeError(
      `torch.tensor takes its elements row by row, not ${Array.isArray(odd) ? 'a list' : `a ${typeof odd}`} ` +
        'among them. Write torch.tensor([1, 2, 3, 4], { shape: [2, 2] }).',
    );
  }
  return yield* make(data, options);
}

/** Makes a tensor; `op` is the name of the operator that does, as a profiler records it. */
function* make(
  data: readonly number[],
  { device, dtype = 'float32', requiresGrad = false, shape = [data.length] }: TensorOptions,
  op?: string,
): Program<Tensor> {
  const named = op === undefined ? {} : { op };
  const placed = device === undefined ? {} : { device: raising(() => deviceNamed(device)) };
  const value = yield* perform<Tensor>({
    type: 'torch.tensor',
    data,
    ...placed,
    dtype,
    ...named,
    requiresGrad,
    shape,
  });
  const [tensorThere = value] = yield* launched({ args: [], op: op ?? 'tensor', values: [value] });
  return tensorThere;
}

/** A tensor of this shape with one value everywhere. */
export function full(shape: Shape, value: number, options: FillOptions = {}): Program<Tensor> {
  return fill({ op: 'full', shape, value }, options);
}

interface Filling {
  readonly op: string;
  readonly shape: Shape;
  readonly value: number;
}

function fill({ op, shape, value }: Filling, options: FillOptions): Program<Tensor> {
  const elements = shape.reduce((product, size) => product * size, 1);
  return make(Array.from<number>({ length: elements }).fill(value), { ...options, shape }, op);
}

/** A tensor of ones. */
export function ones(shape: Shape, options: FillOptions = {}): Program<Tensor> {
  return fill({ op: 'ones', shape, value: 1 }, options);
}

/** A tensor of zeros. */
export function zeros(shape: Shape, options: FillOptions = {}): Program<Tensor> {
  return fill({ op: 'zeros', shape, value: 0 }, options);
}
