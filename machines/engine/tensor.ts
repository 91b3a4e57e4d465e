import { canonical } from '../../src/core/canonical.ts';
import { invariant } from '../../src/core/errors.ts';
import type {
  DType,
  InputMetadata,
  Layout,
  Shape,
  Sparsity,
  Tensor,
  UndefinedTensor,
} from './graph.ts';
import { torchCheck } from './torch-error.ts';

/** What `tensor` takes beside the elements. */
export interface TensorOptions {
  /** One dimension of all elements unless told. */
  readonly shape?: Shape;
  readonly dtype?: DType;
  readonly device?: string;
}

/** The gradient that is not there. */
export const undefinedTensor: UndefinedTensor = Object.freeze({ type: 'undefined-tensor' });

/**
 * A tensor of these elements that needs no gradient.
 *
 * @throws {TorchError} when the shape has not as many elements.
 */
export function tensor(data: readonly number[], options: TensorOptions = {}): Tensor {
  const { shape = [data.length], dtype = 'float32', device = 'cpu' } = options;
  torchCheck(
    elementsIn(shape) === data.length,
    `shape '${formatShape(shape)}' is invalid for input of size ${data.length}`,
  );
  const round = rounding[dtype];
  return bareTensor({ data: data.map((element) => round(element)), device, dtype, shape });
}

/** The tensor without dimensions. */
export function scalar(value: number, dtype: DType = 'float32'): Tensor {
  return tensor([value], { dtype, shape: [] });
}

/** A float32 tensor of elements that are rounded already. */
export function float32(shape: Shape, data: readonly number[]): Tensor {
  return bareTensor({ data, device: 'cpu', dtype: 'float32', shape });
}

/** A tensor of elements that were computed from those of `sources`: as precise as the most precise of these. */
export function computed(
  sources: readonly Tensor[],
  shape: Shape,
  data: readonly number[],
): Tensor {
  const dtype = precisionOf(sources);
  const round = rounding[dtype];
  return bareTensor({ data: data.map((element) => round(element)), device: 'cpu', dtype, shape });
}

/** A tensor of elements of `sources`, as they are. */
export function moved(sources: readonly Tensor[], shape: Shape, data: readonly number[]): Tensor {
  return bareTensor({ data, device: 'cpu', dtype: precisionOf(sources), shape });
}

/** Whether elements are floating-point numbers. */
export function isFloating({ dtype }: { readonly dtype: DType }): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

/** Whether the text is the name of a type. */
export function isDType(text: string): text is DType {
  return Object.hasOwn(rounding, text);
}

/** What PyTorch's texts call the types. */
export const typeNames: Readonly<Record<DType, string>> = {
  bool: 'Bool',
  float32: 'Float',
  float64: 'Double',
  int64: 'Long',
};

function precisionOf(sources: readonly Tensor[]): 'float32' | 'float64' {
  return sources.some(({ dtype }) => dtype === 'float64') ? 'float64' : 'float32';
}

/** A tensor of whole numbers: places and classes. */
export function int64(shape: Shape, data: readonly number[]): Tensor {
  return bareTensor({ data, device: 'cpu', dtype: 'int64', shape });
}

/** A tensor of one value everywhere, with these properties. */
export function filled(metadata: InputMetadata, value: number): Tensor {
  const { device, dtype, shape } = metadata;
  const data = Array.from<number>({ length: elementsIn(shape) }).fill(value);
  return bareTensor({ data, device, dtype, shape });
}

/** The elements alone: no history, no identity, no wish for a gradient. */
export function bare(source: Tensor): Tensor {
  return source.requiresGrad || source.storage !== undefined ? bareTensor(source) : source;
}

/** The elements as a node keeps them: no history, but where they lie if they were changed in place. */
export function kept(source: Tensor): Tensor {
  const { storage, view } = source;
  if (storage === undefined) return bare(source);
  const there = view === undefined ? { storage } : { storage, view };
  return canonical({ ...bareTensor(source), ...there });
}

/** The tensor as it travels: `requires_grad` goes with it, its history and identity stay behind. */
export function wireTensor(source: Tensor): Tensor {
  return source.requiresGrad ? withoutHistory(source, true) : bare(source);
}

/** The tensor on another device. */
export function toDevice(source: Tensor, device: string): Tensor {
  return canonical({ ...source, device });
}

/** The elements as another type. */
export function toDType(source: Tensor, dtype: DType): Tensor {
  const round = rounding[dtype];
  return bareTensor({ ...source, dtype, data: source.data.map((element) => round(element)) });
}

/** What a node must know of the tensor whose gradient it takes. */
export function metadataOf({ device, dtype, layout, shape }: InputMetadata): InputMetadata {
  return canonical({ device, dtype, layout, shape });
}

/** Whether it is a tensor; anything may be asked. */
export function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'tensor';
}

/** How many elements a shape has. */
export function elementsIn(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Whether two shapes are one. */
export function isSameShape(first: Shape, second: Shape): boolean {
  return first.length === second.length && first.every((size, index) => size === second[index]);
}

/** A shape as PyTorch prints it: `[2, 3]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** To the nearest float32; adding 0 makes -0 to 0, which canonical data does not tell apart. */
function roundToFloat32(value: number): number {
  return Math.fround(value) + 0;
}

const rounding: Readonly<Record<DType, (value: number) => number>> = {
  float32: roundToFloat32,
  float64: (value) => value + 0,
  int64: (value) => Math.trunc(value) + 0,
  bool: (value) => (value === 0 ? 0 : 1),
};

interface Elements {
  readonly data: readonly number[];
  readonly device: string;
  readonly dtype: DType;
  readonly layout?: Layout;
  readonly shape: Shape;
  readonly sparse?: Sparsity;
}

/** A tensor that has only some elements. */
export function sparseTensor(elements: Elements & { readonly sparse: Sparsity }): Tensor {
  return bareTensor({ ...elements, layout: 'Sparse' });
}

function bareTensor(elements: Elements): Tensor {
  return withoutHistory(elements, false);
}

/** Members in the order of their names: a tensor is born in canonical form. */
function withoutHistory(elements: Elements, requiresGrad: boolean): Tensor {
  const { data, device, dtype, layout = 'Strided', shape, sparse } = elements;
  invariant(
    storedIn(shape, sparse) === data.length,
    'engine/bad-tensor',
    `A tensor of shape ${formatShape(shape)} was made of ${data.length} elements. ` +
      'The forward or gradient of some operator gives a wrong shape.',
  );
  return canonical(
    sparse === undefined
      ? { data, device, dtype, layout, requiresGrad, shape, type: 'tensor' }
      : { data, device, dtype, layout, requiresGrad, shape, sparse, type: 'tensor' },
  );
}

/** How many elements a tensor of a shape has itself. */
function storedIn(shape: Shape, sparse: Sparsity | undefined): number {
  if (sparse === undefined) return elementsIn(shape);
  const { indices } = sparse;
  return (indices[0]?.length ?? 1) * elementsIn(shape.slice(indices.length));
}
