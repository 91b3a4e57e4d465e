/** What PyTorch refuses of views, with its texts. */
import { invariant } from '../../src/core/errors.ts';
import type { Strided, Tensor, View } from './graph.ts';
import type { StorageId } from './ids.ts';
import { contiguous } from './operators/strided.ts';
import { elementsIn, isSameShape } from './tensor.ts';
import { TorchError, torchCheck } from './torch-error.ts';
import { storageOf, viewOf } from './views.ts';

/**
 * A view that is one of many, or that was made without recording, is not changed where that is recorded,
 * nor is anything that it shares elements with.
 *
 * @throws {TorchError} if it is one.
 * @see PyTorch, `torch/csrc/autograd/variable.cpp`, `handle_view_on_rebase`.
 */
export function requireOrigin(
  { gradFn }: Tensor,
  { origin }: View,
  how: 'directly' | 'indirectly',
): void {
  if (origin === 'default' || origin === 'detached') return;
  const what = how === 'directly' ? 'is being' : 'its base or another view of its base has been';
  throw new TorchError(
    'RuntimeError',
    gradFn === undefined
      ? `A view was created in no_grad mode and ${what} modified inplace with grad mode enabled.` +
          ` ${reasons[origin]}`
      : `Output ${gradFn.outputNr} of ${gradFn.node.name} is a view and ${what} modified inplace.` +
          ` ${reasons[origin]}`,
  );
}

const reasons = {
  many:
    'This view is the output of a function that returns multiple views. Such functions do not allow the ' +
    'output views to be modified inplace. You should replace the inplace operation by an out-of-place one.',
  'no-grad':
    'Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by ' +
    "moving both the view and the inplace either both inside the no_grad block (if you don't want the " +
    'inplace to be tracked) or both outside (if you want the inplace to be tracked).',
} as const;

/**
 * Whether a tensor may be changed in place where that is recorded.
 *
 * @throws {TorchError} for a leaf that requires a gradient, for a view of one, and for views as above.
 * @see PyTorch, `torch/csrc/autograd/VariableTypeUtils.h`, `check_inplace`.
 */
export function requireChangeable(self: Tensor, view: View | undefined): void {
  if (view !== undefined && view.origin !== 'detached') {
    requireOrigin(self, view, 'directly');
    torchCheck(
      !self.requiresGrad || view.edge?.node.type !== 'accumulate-grad',
      'a view of a leaf Variable that requires grad is being used in an in-place operation.',
    );
  }
  torchCheck(
    !self.requiresGrad || self.gradFn !== undefined,
    'a leaf Variable that requires grad is being used in an in-place operation.',
  );
  invariant(
    view?.origin !== 'detached',
    'engine/unsupported',
    'What "detach" gave shares its elements with a tensor that has another history, and is to get one of its ' +
      'own by a change in place. Change a clone of it.',
  );
}

/**
 * What is written to lies nowhere twice, and where nothing else is read unless that is all of it.
 *
 * @throws {TorchError} if it does not.
 * @see PyTorch, `aten/src/ATen/MemoryOverlap.cpp`.
 */
export function requireNoOverlap([self, ...others]: readonly (Tensor | number)[]): void {
  if (typeof self !== 'object') return;
  const written = extentOf(self);
  if (written === undefined) return;
  const { sizes, strides } = written.place;
  torchCheck(
    elementsIn(sizes) === 0 || sizes.every((size, dim) => size <= 1 || strides[dim] !== 0),
    'unsupported operation: more than one element of the written-to tensor refers to a single memory ' +
      'location. Please clone() the tensor before performing the operation.',
  );
  for (const other of others) {
    const read = typeof other === 'object' ? extentOf(other) : undefined;
    torchCheck(
      read === undefined || read.id !== written.id || !isPartly(written.place, read.place),
      'unsupported operation: some elements of the input tensor and the written-to tensor refer to a single ' +
        'memory location. Please clone() the tensor before performing the operation.',
    );
  }
}

interface Extent {
  readonly id: StorageId;
  readonly place: Strided;
}

function extentOf(source: Tensor): Extent | undefined {
  const storage = storageOf(source);
  return storage && { id: storage.id, place: viewOf(source)?.place ?? contiguous(source.shape) };
}

/** Only what lies without gaps is looked at. */
function isPartly(first: Strided, second: Strided): boolean {
  if (!isDense(first) || !isDense(second)) return false;
  const [from, to] = [first.offset, first.offset + elementsIn(first.sizes)];
  const [start, end] = [second.offset, second.offset + elementsIn(second.sizes)];
  if (from === to || start === end) return false;
  if (from === start && to === end) {
    return !isSameShape(first.strides, second.strides);
  }
  return from < end && start < to;
}

function isDense({ sizes, strides }: Strided): boolean {
  const dims = [...sizes.keys()]
    .filter((dim) => sizes[dim] !== 1)
    .toSorted((first, second) => (strides[first] ?? 0) - (strides[second] ?? 0));
  let expected = 1;
  return dims.every((dim) => {
    const fits = strides[dim] === expected;
    expected *= sizes[dim] ?? 1;
    return fits;
  });
}
