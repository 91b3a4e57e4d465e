import { canonical } from '../../src/core/canonical.ts';
import { invariant } from '../../src/core/errors.ts';
import { emptyMap, setIn } from '../../src/core/persistent-map.ts';
import type { Frame } from './frame.ts';
import type { Storage, Tensor } from './graph.ts';
import { givesManyViews, isView, storageOf } from './history.ts';
import type { PartRecording } from './operator.ts';
import { checked, recordInto } from './record.ts';
import { formatShape, isSameShape, typeNames } from './tensor.ts';
import { torchCheck } from './torch-error.ts';

/** The operators that PyTorch has in place too, with an underscore after their names. */
const inPlaceOperators: ReadonlySet<string> = new Set([
  'abs',
  'add',
  'clamp',
  'copy',
  'cos',
  'cumsum',
  'div',
  'elu',
  'exp',
  'fill',
  'leaky_relu',
  'log',
  'masked_fill',
  'mul',
  'neg',
  'pow',
  'reciprocal',
  'relu',
  'rsqrt',
  'sigmoid',
  'sign',
  'silu',
  'sin',
  'sqrt',
  'square',
  'sub',
  'tan',
  'tanh',
  'zero',
]);

/** What a change in place gives. */
export interface Changed {
  readonly frame: Frame;
  /** Where the elements lie and their version now; a constant lies nowhere. */
  readonly storage?: Storage;
  /** The first argument as it is from now on. */
  readonly value: Tensor;
}

/**
 * Applies an operator in place: the first argument is from now on what this gives, and what saved it before
 * can no longer be gone through. A constant is a value, and so is what saved it.
 *
 * @throws {TorchError} for a leaf that requires a gradient, and where shapes or types do not fit.
 * @throws {SimulationError} `engine/unsupported` for a view, whose base would change; `engine/bad-argument`.
 * @see PyTorch, `torch/csrc/autograd/VariableTypeUtils.h`, `check_inplace`, `increment_version`; `variable.cpp`,
 * `handle_view_on_rebase`.
 */
export function recordInPlace(recording: PartRecording): Changed {
  const { args, frame, op } = recording;
  const [self] = args;
  invariant(
    typeof self === 'object' && inPlaceOperators.has(op),
    'engine/unsupported',
    `"${op}" cannot be applied in place here. Operators that can are ` +
      `${[...inPlaceOperators].join(', ')}, and their first argument is a tensor.`,
  );
  const call = checked(recording);
  checkPlace(self, frame);
  const before = storageOf(self);
  const storage = before && { id: before.id, version: before.version + 1 };
  const made = recordInto(call, storage);
  torchCheck(
    isSameShape(made.value.shape, self.shape),
    `output with shape ${formatShape(self.shape)} doesn't match the broadcast shape ` +
      formatShape(made.value.shape),
  );
  torchCheck(
    made.value.dtype === self.dtype,
    `result type ${typeNames[made.value.dtype]} can't be cast to the desired output type ` +
      typeNames[self.dtype],
  );
  const value = historyKept(self, made.value);
  if (storage === undefined) return { frame: made.frame, value };
  const versions = setIn(frame.versions ?? emptyMap<number>(), storage.id, storage.version);
  return { frame: { ...made.frame, versions }, storage, value };
}

/** Without recording only the elements change: the tensor is the leaf or the result that it was. */
function historyKept(self: Tensor, made: Tensor): Tensor {
  if (made.requiresGrad || !self.requiresGrad) return made;
  const { data, storage } = made;
  return canonical({ ...self, data, ...(storage === undefined ? {} : { storage }) });
}

function checkPlace({ gradFn, requiresGrad }: Tensor, { gradMode }: Frame): void {
  if (!gradMode || !requiresGrad) return;
  torchCheck(
    gradFn !== undefined,
    'a leaf Variable that requires grad is being used in an in-place operation.',
  );
  const { node, outputNr } = gradFn;
  if (!isView(node.name)) return;
  let isOneOfMany = givesManyViews(node.name);
  let edge = node.nextEdges[0];
  while (edge?.type === 'edge' && isView(edge.node.name)) {
    isOneOfMany ||= givesManyViews(edge.node.name);
    [edge] = edge.node.nextEdges;
  }
  torchCheck(
    !isOneOfMany,
    `Output ${outputNr} of ${node.name} is a view and is being modified inplace. This view is the output of a ` +
      'function that returns multiple views. Such functions do not allow the output views to be modified ' +
      'inplace. You should replace the inplace operation by an out-of-place one.',
  );
  torchCheck(
    edge?.type !== 'edge' || edge.node.type !== 'accumulate-grad',
    'a view of a leaf Variable that requires grad is being used in an in-place operation.',
  );
  invariant(
    false,
    'engine/unsupported',
    `What ${node.name} gave is a view, and a change in place would change its base too, which a ` +
      'value cannot. Change the base, or a clone.',
  );
}
