import { canonical } from '../../src/core/canonical.ts';
import { invariant, SimulationError } from '../../src/core/errors.ts';
import { requireArguments, withNames } from './arguments.ts';
import { formatArity, takes } from './arity.ts';
import { currentOfAll } from './current.ts';
import type { Frame } from './frame.ts';
import type { DType, Storage, Tensor, View } from './graph.ts';
import { copyFor } from './history.ts';
import { checkTypes, forComputing, precisionOf, scalarAmong } from './input-types.ts';
import { requireKeywords } from './keywords.ts';
import { nearestOperators } from './nearest-operators.ts';
import { gradientEdge, operatorNode, withHistory } from './node.ts';
import type {
  Attributes,
  Operator,
  PartRecording,
  PrimitiveOperator,
  Recorded,
  ResultOf,
} from './operator.ts';
import { derivativeAt, isDifferentiable, kindAt } from './operator.ts';
import type { OperatorName } from './operators.ts';
import { operators } from './operators.ts';
import { sparseForward } from './operators/sparse.ts';
import { isSparse } from './sparse.ts';
import { bare, isFloating, isTensor, kept, toDevice, toDType } from './tensor.ts';
import { torchCheck } from './torch-error.ts';
import { mayShare, plainViewOf, storageOf } from './views.ts';

/** One application of an operator by a thread; a number stands for a scalar tensor. */
export interface Recording {
  readonly args: readonly (Tensor | number)[];
  readonly attributes?: Attributes;
  readonly frame: Frame;
  readonly op: OperatorName;
}

/**
 * Applies an operator. If gradients are on and an argument requires one, the result remembers the node
 * that takes its gradient back, and the thread's sequence number goes up by one.
 *
 * @throws {TorchError} what PyTorch raises, a mismatch of shapes for instance.
 * @throws {SimulationError} for what is not supported, `engine/bad-argument` for an argument by name.
 */
export function record(recording: Recording): Recorded {
  const call = checked(recording);
  const { args, frame, op } = call;
  if (frame.storages === undefined) return apply(call);
  const { gradMode } = frame;
  // What cuts the graph asks nothing for its history.
  const asked = { ...frame, gradMode: gradMode && !isCutting(operators.get(op)) };
  const now = currentOfAll(asked, args);
  return apply({ ...call, args: now.args, frame: { ...now.frame, gradMode } });
}

/**
 * A call as programs write it, with each number that goes without its name by that, once it is known to be one
 * that its operator takes.
 *
 * @throws {TorchError} for what is absent and needed.
 * @throws {SimulationError} `engine/bad-argument`.
 */
export function checked({ args, attributes = {}, frame, op }: PartRecording): PartRecording {
  const arity = operators.get(op)?.arity;
  const call =
    arity === undefined ? { args, attributes } : withNames(op, arity, { args, attributes });
  requireKeywords(op, call.attributes);
  // What has too many arguments is told so.
  if (arity !== undefined && takes(arity, call.args.length)) requireArguments(op, call);
  return { ...call, frame, op };
}

/** The same for a part of something else, which knows what it gives. */
export function recordPart(recording: PartRecording): Recorded {
  return apply(recording);
}

/** The same with the elements laid where those of the first argument lie, if that is known. */
export function recordInto(recording: PartRecording, storage: Storage | undefined): Recorded {
  const [self] = recording.args;
  const type = typeof self === 'object' && isFloating(self) ? { dtype: self.dtype } : {};
  return apply(recording, storage === undefined ? type : { ...type, into: storage });
}

function isCutting(operator: Operator | undefined): boolean {
  return operator?.type === 'primitive' && operator.derivatives.length === 0;
}

interface Target {
  /** The type of the result, if it is to replace the first input. */
  readonly dtype?: DType;
  /** Where the result lies, if it is to replace the first input. */
  readonly into?: Storage;
}

function apply({ args, attributes = {}, frame, op }: PartRecording, target: Target = {}): Recorded {
  const operator = operators.get(op);
  if (operator === undefined) throw unknownOperator(op);
  if (!takes(operator.arity, args.length)) {
    throw new SimulationError(
      'engine/bad-arity',
      `"${op}" takes ${formatArity(operator.arity)} tensors and was given ${args.length}.`,
    );
  }
  if (operator.type === 'overloaded') {
    return apply({ ...operator.choose({ args, attributes }), frame }, target);
  }
  requireTensors(args, op);
  const inputs = args.map((arg) => (typeof arg === 'number' ? scalarAmong(args, arg) : arg));
  if (operator.type === 'composite') {
    return operator.compose({ attributes, frame, inputs, record: (part) => apply(part) });
  }
  return applyPrimitive(operator, { ...target, attributes, frame, inputs, op });
}

/** Programs without types may give anything. */
function requireTensors(args: readonly unknown[], op: string): void {
  for (const [index, arg] of args.entries()) {
    if (typeof arg === 'number' || isTensor(arg)) continue;
    throw new SimulationError(
      'engine/bad-argument',
      `"${op}" was given ${JSON.stringify(arg) ?? String(arg)} as number ${index}, where a tensor or a ` +
        'number is needed. Make a tensor of it first: `yield* torch.tensor(…)`.',
    );
  }
}

/** Its text is long: an `invariant` would write it at each call. */
function unknownOperator(op: string): SimulationError {
  return new SimulationError(
    'engine/unknown-operator',
    `There is no operator "${op}".${nearestOperators(op)}`,
  );
}

interface Application extends Target {
  readonly attributes: Attributes;
  readonly frame: Frame;
  readonly inputs: readonly Tensor[];
  readonly op: string;
}

function applyPrimitive(operator: PrimitiveOperator, application: Application): Recorded {
  const { attributes, dtype, frame, inputs: given, into, op } = application;
  checkTypes(operator, application);
  const precision = precisionOf(operator, application);
  const inputs = forComputing(operator, given, precision);
  const device = operator.device?.(attributes) ?? commonDevice(inputs);
  const wanted = dtype ?? operator.dtype?.(attributes);
  const values = inputs.some(isSparse)
    ? sparseForward(op, { attributes, inputs })
    : operator.forward({ attributes, inputs });
  const shapes = values.map(({ shape }) => shape);
  const outputs = values.map((output, outputNr) => {
    // Places that an operator gives beside numbers, or in place of them, are as precise as they are.
    const fit = wanted ?? (isFloating(output) ? precision : output.dtype);
    const made = bare(placed(output, { device, dtype: fit }));
    return laid(made, into ?? sharedStorage(operator, application, { outputNr, shapes }));
  });
  const roots = inputs.filter((_, index) => isDifferentiable(kindAt(operator, index)));
  const isCut = operator.derivatives.length === 0 || !outputs.some(isFloating);
  if (!frame.gradMode || isCut || !roots.some(requiresGradient)) {
    return recorded(frame, into === undefined ? viewing(operator, application, outputs) : outputs);
  }
  const call = { attributes, inputs: keptInputs({ ...application, inputs }), outputs };
  const made = operatorNode({
    frame,
    name: operator.node,
    nextEdges: roots.map((root) => gradientEdge(root)),
    outputs: outputs.filter(isFloating),
    saved: roots.map((root, index) =>
      root.requiresGrad ? (derivativeAt(operator, index)?.saves?.(call, index) ?? {}) : {},
    ),
  });
  const results = outputs.map((output) =>
    isFloating(output) ? { ...output, requiresGrad: true } : output,
  );
  return recorded(made.frame, withHistory(results, made.node));
}

/** What changes its first input in place keeps a copy of it. */
function keptInputs({ frame, inputs, into }: Application): readonly Tensor[] {
  const copies = into === undefined ? 0 : 1;
  return inputs.map((input, index) =>
    index < copies
      ? laid(bare(input), copyFor(`${frame.threadId}#${frame.nextSequenceNr}`))
      : kept(input),
  );
}

/** Without a history the results themselves say what they are views of; those of a constant are values too. */
function viewing(
  operator: PrimitiveOperator,
  application: Application,
  outputs: readonly Tensor[],
): readonly Tensor[] {
  const [input] = application.inputs;
  const storage = input !== undefined && mayShare(operator) ? storageOf(input) : undefined;
  if (storage === undefined) return outputs;
  const shapes = outputs.map(({ shape }) => shape);
  return outputs.map((output, outputNr) => {
    const view = viewIn(operator, application, { outputNr, shapes });
    return view === undefined ? output : canonical({ ...output, storage, view });
  });
}

/** A view of what was changed in place lies where its base does. */
function sharedStorage(
  operator: PrimitiveOperator,
  application: Application,
  result: ResultOf,
): Storage | undefined {
  const storage = application.inputs[0]?.storage;
  return storage !== undefined && viewIn(operator, application, result) !== undefined
    ? storage
    : undefined;
}

function viewIn(
  operator: PrimitiveOperator,
  { attributes, frame, inputs }: Application,
  result: ResultOf,
): View | undefined {
  const [input] = inputs;
  if (input === undefined || !mayShare(operator)) return undefined;
  const isRecording = frame.gradMode;
  return plainViewOf({ attributes, input, isRecording, operator, ...result });
}

function laid(source: Tensor, storage: Storage | undefined): Tensor {
  return storage === undefined ? source : { ...source, storage };
}

function requiresGradient({ requiresGrad }: Tensor): boolean {
  return requiresGrad;
}

function recorded(frame: Frame, values: readonly Tensor[]): Recorded {
  const [value] = values;
  invariant(
    value !== undefined,
    'engine/no-result',
    'An operator gave no tensor at all. Its forward must give at least one.',
  );
  return { frame, value, values };
}

interface Place {
  readonly device: string;
  readonly dtype: DType | undefined;
}

function placed(output: Tensor, { device, dtype = output.dtype }: Place): Tensor {
  const typed = output.dtype === dtype ? output : toDType(output, dtype);
  return typed.device === device ? typed : toDevice(typed, device);
}

/** All inputs lie on one device, except that a scalar on the cpu goes with any. */
function commonDevice(inputs: readonly Tensor[]): string {
  const binding = inputs.filter(({ device, shape }) => device !== 'cpu' || shape.length > 0);
  const devices = [...new Set((binding.length > 0 ? binding : inputs).map(({ device }) => device))];
  const [first = 'cpu', second] = devices;
  torchCheck(
    second === undefined,
    'Expected all tensors to be on the same device, but found at least two devices, ' +
      `${first} and ${second}!`,
  );
  return first;
}
