/**
 * What an entry of the table of operators is: its forward and, beside it, one derivative for each input,
 * as PyTorch's `derivatives.yaml` writes them. A derivative may give a gradient of the broadcast shape:
 * the engine sums it down when it validates it.
 */
import { invariant } from '../../src/core/errors.ts';
import type { Frame } from './frame.ts';
import type { Saved, Tensor } from './graph.ts';

/** Arguments of an operator that are no tensors, `{ dim0: 0, dim1: 1 }`. */
export type Attributes = Readonly<Record<string, number | boolean | string | readonly number[]>>;

/** One application of an operator. */
export interface OperatorCall {
  readonly attributes: Attributes;
  readonly inputs: readonly Tensor[];
}

/** An application and what it gave. */
export interface FinishedCall extends OperatorCall {
  readonly outputs: readonly Tensor[];
}

/** What a derivative sees in backward. */
export interface BackwardPass {
  /** The gradient of the only output, or of the first. */
  readonly grad: Tensor;
  /** The gradients of all outputs; zeros where none came. */
  readonly grads: readonly Tensor[];
  readonly saved: Saved;
}

/** The derivative by one input. */
export interface Derivative {
  /** What to keep of forward, if the input needs a gradient; nothing unless told. */
  readonly saves?: (call: FinishedCall) => Saved;
  readonly gradient: (pass: BackwardPass) => Tensor;
}

/** An operator with a node of its own in the graph. */
export interface PrimitiveOperator {
  readonly type: 'primitive';
  readonly arity: number;
  /** One entry for each input; none for an operator that cuts the graph. */
  readonly derivatives: readonly Derivative[];
  /** The values alone; whatever history the inputs have is not its business. */
  readonly forward: (call: OperatorCall) => readonly Tensor[];
  /** PyTorch's name for the node. */
  readonly node: string;
}

/** An operator that is written in terms of others. */
export interface CompositeOperator {
  readonly type: 'composite';
  readonly arity: number;
  readonly compose: (call: CompositeCall) => Recorded;
}

/** An entry of the table. */
export type Operator = PrimitiveOperator | CompositeOperator;

/** One application of a composite operator; `record` applies a part. */
export interface CompositeCall extends OperatorCall {
  readonly frame: Frame;
  readonly record: (recording: PartRecording) => Recorded;
}

/** The application of a part of a composite operator. */
export interface PartRecording {
  readonly args: readonly Tensor[];
  readonly attributes?: Attributes;
  readonly frame: Frame;
  readonly op: string;
}

/** What an application gives: `value` is the first of `values`. */
export interface Recorded {
  readonly frame: Frame;
  readonly value: Tensor;
  readonly values: readonly Tensor[];
}

/** An operator of one input. */
export function unary(
  node: string,
  forward: (input: Tensor, attributes: Attributes) => Tensor,
  derivative: Derivative,
): PrimitiveOperator {
  return {
    type: 'primitive',
    arity: 1,
    derivatives: [derivative],
    forward: ({ attributes, inputs }) => [forward(inputAt(inputs, 0), attributes)],
    node,
  };
}

/** What `binary` takes. */
export interface BinaryOptions {
  readonly forward: (self: Tensor, other: Tensor) => Tensor;
  readonly other: Derivative;
  readonly self: Derivative;
}

/** An operator of two inputs. */
export function binary(node: string, { forward, other, self }: BinaryOptions): PrimitiveOperator {
  return {
    type: 'primitive',
    arity: 2,
    derivatives: [self, other],
    forward: ({ inputs }) => [forward(inputAt(inputs, 0), inputAt(inputs, 1))],
    node,
  };
}

/** Input or output number `index`, which the arity promises. */
export function inputAt(tensors: readonly Tensor[], index: number): Tensor {
  const found = tensors[index];
  invariant(
    found !== undefined,
    'engine/bad-arity',
    `An operator asks for tensor ${index} of ${tensors.length}. Give it an entry with the right arity.`,
  );
  return found;
}

/** The saved tensor `name`. */
export function savedTensor(saved: Saved, name: string): Tensor {
  const found = saved[name];
  invariant(
    typeof found === 'object' && 'type' in found,
    'engine/not-saved',
    `A derivative reads the tensor "${name}", which its "saves" does not give. Save it there.`,
  );
  return found;
}

/** The list of numbers `name`, a shape for instance. */
export function numbersIn(record: Saved | Attributes, name: string): readonly number[] {
  const found = record[name];
  invariant(
    typeof found === 'object' && !('type' in found),
    'engine/not-saved',
    `A list of numbers "${name}" is needed and absent. Give it as an attribute, or save it.`,
  );
  return found;
}

/** The number `name`, or `otherwise`. */
export function numberIn(record: Saved | Attributes, name: string, otherwise: number): number {
  const found = record[name];
  return typeof found === 'number' ? found : otherwise;
}
