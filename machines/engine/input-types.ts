/** The types of what an operator is given: which it takes, and with which it computes. */
import type { DType, Tensor } from './graph.ts';
import type { OperatorCall, PrimitiveOperator } from './operator.ts';
import { isDifferentiable, kindAt } from './operator.ts';
import { resultType } from './promotion.ts';
import { isFloating, scalar, toDType, typeNames } from './tensor.ts';
import { TorchError } from './torch-error.ts';

/** An application of the operator `op`. */
interface TypedCall extends OperatorCall {
  readonly op: string;
}

/** A number is as precise as what it is computed with, and whole among whole numbers. */
export function scalarAmong(args: readonly (Tensor | number)[], number: number): Tensor {
  const tensors = args.filter((arg) => typeof arg === 'object');
  if (tensors.some(({ dtype }) => dtype === 'float64')) return scalar(number, 'float64');
  const isWhole = Number.isInteger(number) && tensors.length > 0 && !tensors.some(isFloating);
  return scalar(number, isWhole ? 'int64' : 'float32');
}

/**
 * Refuses an index of no whole numbers, and a mixture where there must be none.
 *
 * @throws {TorchError} in PyTorch's words.
 */
export function checkTypes(operator: PrimitiveOperator, { inputs, op }: TypedCall): void {
  for (const [index, input] of inputs.entries()) {
    if (kindAt(operator, index) !== 'index' || input.dtype === 'int64') continue;
    throw new TorchError('RuntimeError', indexText(op, input.dtype));
  }
  const [first] = inputs;
  const other = inputs.find(({ dtype }) => dtype !== first?.dtype);
  if (operator.isOfOneType !== true || first === undefined || other === undefined) return;
  const [wanted, found] = [typeNames[first.dtype], typeNames[other.dtype]];
  throw new TorchError(
    'RuntimeError',
    op === 'dot'
      ? `dot : expected both vectors to have same dtype, but found ${wanted} and ${found}`
      : `expected scalar type ${wanted} but found ${found}`,
  );
}

/**
 * The type of the results: nothing where no input decides it.
 *
 * @throws {TorchError} if the operator takes no such numbers.
 */
export function precisionOf(operator: PrimitiveOperator, call: TypedCall): DType | undefined {
  const { attributes, inputs, op } = call;
  const isDeciding = (_: Tensor, index: number) => isDifferentiable(kindAt(operator, index));
  const isMoving = inputs.every((_, index) => kindAt(operator, index) !== 'float');
  return resultType({ attributes, deciding: inputs.filter(isDeciding), isMoving, op });
}

/** The inputs as the operator computes with them: whole numbers as floating-point numbers that hold them. */
export function forComputing(
  operator: PrimitiveOperator,
  inputs: readonly Tensor[],
  result: DType | undefined,
): readonly Tensor[] {
  if (inputs.every(isFloating)) return inputs;
  const dtype = result === 'float32' ? 'float32' : 'float64';
  return inputs.map((input, index) =>
    kindAt(operator, index) === 'float' && !isFloating(input) ? toDType(input, dtype) : input,
  );
}

/** What PyTorch says of an index that is none; what is not named here is an embedding. */
function indexText(op: string, dtype: DType): string {
  const texts: Readonly<Record<string, string>> = {
    gather: 'gather(): Expected dtype int64 for index',
    index_select: 'index_select(): Expected dtype int32 or int64 for index',
    nll_loss: `expected scalar type Long but found ${typeNames[dtype]}`,
  };
  return (
    texts[op] ??
    "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got " +
      `torch.${typeNames[dtype]}Tensor instead (while checking arguments for ${op})`
  );
}
