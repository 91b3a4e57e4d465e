/**
 * Schemas of built-in operators that a call with arguments by name may mean.
 *
 * @see PyTorch, `aten/src/ATen/native/native_functions.yaml`; `torch/csrc/jit/python/pybind_utils.h`,
 * `createStackForSchema`.
 */
import type { Attributes } from '../../engine/operator.ts';
import type { OperatorName } from '../../engine/operators.ts';
import { isTensor } from '../../engine/tensor.ts';

/** Those whose arguments the engine knows by their names; of what has two results there is none. */
const schemas: Partial<Record<OperatorName, readonly string[]>> = {
  add: [
    'aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor',
    'aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor',
  ],
  amax: ['aten::amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor'],
  amin: ['aten::amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor'],
  argmax: ['aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor'],
  argmin: ['aten::argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor'],
  clamp: ['aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor'],
  cumsum: ['aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor'],
  expand: ['aten::expand(Tensor(a) self, SymInt[] size, *, bool implicit=False) -> Tensor(a)'],
  flatten: [
    'aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)',
  ],
  flip: ['aten::flip(Tensor self, int[] dims) -> Tensor'],
  gather: ['aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor'],
  index_select: ['aten::index_select(Tensor self, int dim, Tensor index) -> Tensor'],
  log_softmax: ['aten::log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor'],
  logsumexp: ['aten::logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor'],
  masked_fill: ['aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor'],
  mean: [
    'aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor',
  ],
  permute: ['aten::permute(Tensor(a) self, int[] dims) -> Tensor(a)'],
  prod: [
    'aten::prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor',
  ],
  reshape: ['aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)'],
  select: ['aten::select.int(Tensor(a) self, int dim, int index) -> Tensor(a)'],
  slice: [
    'aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor(a)',
  ],
  softmax: ['aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor'],
  squeeze: ['aten::squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)'],
  std: [
    'aten::std(Tensor self, bool unbiased=True) -> Tensor',
    'aten::std.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor',
  ],
  sub: [
    'aten::sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor',
    'aten::sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor',
  ],
  sum: [
    'aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor',
  ],
  transpose: ['aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)'],
  unsqueeze: ['aten::unsqueeze(Tensor(a) self, int dim) -> Tensor(a)'],
  var: [
    'aten::var(Tensor self, bool unbiased=True) -> Tensor',
    'aten::var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor',
  ],
};

/** What a call gives an operator. */
export interface Given {
  readonly attributes: Attributes;
  /** Tensors, and numbers in their place. */
  readonly operands: readonly unknown[];
}

/** The first schema that fits what is given by place and by name. */
export function keywordSchema(op: OperatorName, given: Given): string | undefined {
  return schemas[op]?.find((schema) => fits(parametersOf(schema), given));
}

/** The last argument is what is given by name, if it is a record and no tensor. */
export function splitArguments(args: readonly unknown[]): Given {
  const last = args.at(-1);
  const isNamed =
    typeof last === 'object' && last !== null && !isTensor(last) && !Array.isArray(last);
  return isNamed
    ? // cast -- a record that user code gives, which is held against the schema
      { attributes: last as Attributes, operands: args.slice(0, -1) }
    : { attributes: {}, operands: args };
}

interface Parameter {
  readonly hasDefault: boolean;
  readonly name: string;
  readonly type: string;
}

function parametersOf(schema: string): readonly Parameter[] {
  const list = schema.slice(schema.indexOf('(') + 1, schema.lastIndexOf(') ->'));
  return list
    .split(', ')
    .filter((part) => part !== '*')
    .map((part) => {
      const [declared = '', value] = part.split('=');
      const [type = '', name = ''] = declared.split(' ');
      return { hasDefault: value !== undefined, name, type: type.replace(/\(a\)|\?$/g, '') };
    });
}

/** What has a name is taken by it; what has none takes the next place for a tensor or a number. */
function fits(parameters: readonly Parameter[], { attributes, operands }: Given): boolean {
  const names = Object.keys(attributes);
  const isNamed = ({ name }: Parameter): boolean => names.includes(name);
  const named = parameters.filter(isNamed);
  const left = parameters.filter((parameter) => !isNamed(parameter));
  const places = left.filter(({ type }) => type === 'Tensor' || type === 'Scalar');
  const taken = places.slice(0, operands.length);
  return (
    named.length === names.length &&
    taken.length === operands.length &&
    taken.every(({ type }, index) => isOf(type, operands[index])) &&
    named.every(({ name, type }) => isOf(type, attributes[name])) &&
    left.every((parameter) => parameter.hasDefault || taken.includes(parameter))
  );
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'Tensor':
      return isTensor(value);
    case 'Scalar':
      return typeof value === 'number';
    case 'SymInt':
    case 'int':
      return Number.isInteger(value);
    case 'int[1]':
      return Number.isInteger(value) || isListOfIntegers(value);
    case 'SymInt[]':
    case 'int[]':
      return isListOfIntegers(value);
    case 'bool':
      return typeof value === 'boolean';
    default:
      // Nothing here is of another type, `ScalarType` for instance.
      return false;
  }
}

function isListOfIntegers(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => Number.isInteger(each));
}
