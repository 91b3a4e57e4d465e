import { invariant } from '../../src/core/errors.ts';
import type { Frame } from './frame.ts';
import type { Tensor } from './graph.ts';
import { gradientEdge, operatorNode, withHistory } from './node.ts';
import type { Attributes, PrimitiveOperator, Recorded } from './operator.ts';
import type { OperatorName } from './operators.ts';
import { operators } from './operators.ts';
import { bare, scalar, toDevice } from './tensor.ts';
import { torchCheck } from './torch-error.ts';

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
 */
export function record({ args, attributes = {}, frame, op }: Recording): Recorded {
  const inputs = args.map((arg) => (typeof arg === 'number' ? scalar(arg) : arg));
  return apply({ args: inputs, attributes, frame, op });
}

interface Application {
  readonly args: readonly Tensor[];
  readonly attributes?: Attributes;
  readonly frame: Frame;
  readonly op: string;
}

function apply({ args: inputs, attributes = {}, frame, op }: Application): Recorded {
  const operator = operators.get(op);
  invariant(
    operator !== undefined,
    'engine/unknown-operator',
    `There is no operator "${op}". Known are ${[...operators.keys()].toSorted().join(', ')}.`,
  );
  invariant(
    inputs.length === operator.arity,
    'engine/bad-arity',
    `"${op}" takes ${operator.arity} tensors and was given ${inputs.length}.`,
  );
  if (operator.type === 'composite') {
    return operator.compose({ attributes, frame, inputs, record: apply });
  }
  return applyPrimitive(operator, { args: inputs, attributes, frame, op });
}

function applyPrimitive(operator: PrimitiveOperator, application: Application): Recorded {
  const { args, attributes = {}, frame } = application;
  const device = commonDevice(application);
  const outputs = operator
    .forward({ attributes, inputs: args })
    .map((output) => bare(output.device === device ? output : toDevice(output, device)));
  const isDifferentiable = operator.derivatives.length > 0;
  if (!frame.gradMode || !isDifferentiable || args.every(({ requiresGrad }) => !requiresGrad)) {
    return recorded(frame, outputs);
  }
  const made = operatorNode({
    frame,
    name: operator.node,
    nextEdges: args.map((arg) => gradientEdge(arg)),
    outputs,
    saved: operator.derivatives.map(({ saves }, index) =>
      args[index]?.requiresGrad === true && saves !== undefined
        ? saves({ attributes, inputs: args.map((arg) => bare(arg)), outputs })
        : {},
    ),
  });
  const results = outputs.map((output) => ({ ...output, requiresGrad: true }));
  return recorded(made.frame, withHistory(results, made.node));
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

/** All inputs lie on one device, except that a scalar on the cpu goes with any. */
function commonDevice({ args, op }: Application): string {
  for (const { dtype } of args) {
    invariant(
      dtype === 'float32',
      'engine/unsupported',
      `"${op}" was given a tensor of ${dtype}. Operators compute in float32: convert it first.`,
    );
  }
  const binding = args.filter(({ device, shape }) => device !== 'cpu' || shape.length > 0);
  const devices = [...new Set((binding.length > 0 ? binding : args).map(({ device }) => device))];
  const [first = 'cpu', second] = devices;
  torchCheck(
    second === undefined,
    'Expected all tensors to be on the same device, but found at least two devices, ' +
      `${first} and ${second}!`,
  );
  return first;
}
