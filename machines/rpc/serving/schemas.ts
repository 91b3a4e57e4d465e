/**
 * Built-in operators by their schemas: which overload a call from Python means.
 *
 * @see PyTorch, `torch/csrc/distributed/rpc/python_functions.cpp`, `matchBuiltinOp`;
 * `aten/src/ATen/native/native_functions.yaml`.
 */
import type { OperatorName } from '../../engine/operators.ts';
import { operators } from '../../engine/operators.ts';
import { isTensor } from '../../engine/tensor.ts';
import { TorchError } from '../../engine/torch-error.ts';
import { pyObject } from '../../rref/ids.ts';
import type { RemoteCall } from '../agent/messages.ts';
import { keywordSchema, splitArguments } from './keyword-schemas.ts';

/** The operators that take a factor for their second argument. */
const scaled: ReadonlySet<string> = new Set(['add', 'sub']);

/**
 * The schema that fits the arguments.
 *
 * @throws {TorchError} if none does: nothing is sent then.
 */
export function matchBuiltinOp(op: OperatorName, args: readonly unknown[]): string {
  const given = splitArguments(args);
  return Object.keys(given.attributes).length === 0
    ? placesSchema(op, given.operands)
    : (keywordSchema(op, given) ?? noneFits());
}

function placesSchema(op: OperatorName, args: readonly unknown[]): string {
  const arity = operators.get(op)?.arity;
  const fits = args.length === arity && args.every((arg, index) => isOperand(arg, index));
  if (!fits) noneFits();
  const [, other] = args;
  if (args.length === 1) return `aten::${op}(Tensor self) -> Tensor`;
  const overload = typeof other === 'number' ? 'Scalar' : 'Tensor';
  const factor = scaled.has(op) ? ', *, Scalar alpha=1' : '';
  return `aten::${op}.${overload}(Tensor self, ${overload} other${factor}) -> Tensor`;
}

function noneFits(): never {
  throw new TorchError(
    'RuntimeError',
    'Overloaded torch operator invoked from Python failed to match any schema',
  );
}

/** The name by which the operator is looked up where it runs. */
export function operatorPath(op: OperatorName): string {
  return `torch.ops.aten.${op}`;
}

/** The operator of such a name. */
export function operatorAt(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function isOperand(arg: unknown, index: number): boolean {
  if (typeof arg === 'number') return index > 0;
  return isTensor(arg);
}

/** The type of the reference to the result of a remote call: scripts and operators give tensors here. */
export function typeOfResult({ type }: { readonly type: RemoteCall['type'] }): string {
  return type === 'SCRIPT_REMOTE_CALL' ? 'Tensor' : pyObject;
}
