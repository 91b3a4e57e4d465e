/**
 * What an entry of the table of operators is: its forward and, beside it, one derivative for each input,
 * as PyTorch's `derivatives.yaml` writes them. A derivative may give a gradient of the broadcast shape:
 * the engine sums it down when it validates it.
 */
import { invariant } from '../../src/core/errors.ts';
import type { Arity } from './arity.ts';
import type { Frame } from './frame.ts';
import type { DType, Saved, Shape, Strided, Tensor } from './graph.ts';

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
  /** Whether its gradient lies where it says; else it goes where the gradient of the result lies. */
  readonly isPlaced?: true;
  /** What to keep of forward for input `index`, if it needs a gradient; nothing unless told. */
  readonly saves?: (call: FinishedCall, index: number) => Saved;
  readonly gradient: (pass: BackwardPass) => Tensor;
}

/** Which result of an operator is meant, and the shapes of all. */
export interface ResultOf {
  readonly outputNr: number;
  readonly shapes: readonly Shape[];
}

/** From where the elements of an input lie to where those of a result do; nothing if these are a copy. */
export type Layout = (
  input: Strided,
  attributes: Attributes | Saved,
  result: ResultOf,
) => Strided | undefined;

/** What an input is: numbers to compute with, an index (int64), a mask (any type), or only moved (any type). */
export type InputKind = 'float' | 'index' | 'mask' | 'moved';

/** An operator with a node of its own in the graph. */
export interface PrimitiveOperator {
  readonly type: 'primitive';
  readonly arity: Arity;
  /**
   * One entry for each input that is no index and no mask, or one for all where the arity is `many`; none
   * for an operator that cuts the graph.
   */
  readonly derivatives: readonly Derivative[];
  /** Where its results lie; with its inputs unless told. Its derivative places the gradient then. */
  readonly device?: (attributes: Attributes) => string;
  /** Of which type its results are; what its inputs say unless told. */
  readonly dtype?: (attributes: Attributes) => DType | undefined;
  /** The values alone; whatever history the inputs have is not its business. */
  readonly forward: (call: OperatorCall) => readonly Tensor[];
  /** Whether it takes no mixture of types. */
  readonly isOfOneType?: true;
  /** What the inputs are, the last for all that follow; floats unless told. */
  readonly kinds?: readonly InputKind[];
  /** Where its results lie, if they are elements of its input. */
  readonly layout?: Layout;
  /** PyTorch's name for the node. */
  readonly node: string;
}

/** An operator that is written in terms of others. */
export interface CompositeOperator {
  readonly type: 'composite';
  readonly arity: Arity;
  readonly compose: (call: CompositeCall) => Recorded;
}

/** A name for several operators; what it was given says which is meant. */
export interface OverloadedOperator {
  readonly type: 'overloaded';
  readonly arity: Arity;
  readonly choose: (call: WrittenCall) => WrittenCall & { readonly op: string };
}

/** An entry of the table. */
export type Operator = PrimitiveOperator | CompositeOperator | OverloadedOperator;

/** What an operator is given; a number stands for a scalar. */
export interface WrittenCall {
  readonly args: readonly (Tensor | number)[];
  readonly attributes: Attributes;
}

/** One application of a composite operator; `record` applies a part. */
export interface CompositeCall extends OperatorCall {
  readonly frame: Frame;
  readonly record: (recording: PartRecording) => Recorded;
}

/** The application of a part of a composite operator. */
export interface PartRecording {
  readonly args: readonly (Tensor | number)[];
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

/** What input number `index` is. */
export function kindAt({ kinds = [] }: PrimitiveOperator, index: number): InputKind {
  return kinds[index] ?? kinds.at(-1) ?? 'float';
}

/** Whether an input of this kind has a gradient. */
export function isDifferentiable(kind: InputKind): boolean {
  return kind === 'float' || kind === 'moved';
}

/** The derivative by differentiable input number `index`. */
export function derivativeAt(
  { arity, derivatives }: PrimitiveOperator,
  index: number,
): Derivative | undefined {
  return derivatives[arity === 'many' ? 0 : index];
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
  readonly isOfOneType?: true;
  readonly other: Derivative;
  readonly self: Derivative;
}

/** An operator of two inputs. */
export function binary(
  node: string,
  { forward, other, self, ...options }: BinaryOptions,
): PrimitiveOperator {
  return {
    type: 'primitive',
    arity: 2,
    derivatives: [self, other],
    forward: ({ inputs }) => [forward(inputAt(inputs, 0), inputAt(inputs, 1))],
    ...options,
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

/** The numbers `name`; one number alone is a list too. Nothing if it is absent. */
export function listIn(record: Saved | Attributes, name: string): readonly number[] | undefined {
  const found = record[name];
  if (typeof found === 'number') return [found];
  return found === undefined ? undefined : numbersIn(record, name);
}

/** The text `name`. */
export function textIn(record: Saved | Attributes, name: string): string {
  const found = record[name];
  invariant(
    typeof found === 'string',
    'engine/not-saved',
    `A text "${name}" is needed and absent. Give it as an attribute, or save it.`,
  );
  return found;
}

/** Whether the flag `name` is set. */
export function flagIn(record: Saved | Attributes, name: string): boolean {
  return record[name] === true;
}

/** The number `name`, or `otherwise`. */
export function numberIn(record: Saved | Attributes, name: string, otherwise: number): number {
  const found = record[name];
  return typeof found === 'number' ? found : otherwise;
}
