import { canonical } from '../../src/core/canonical.ts';
import { invariant } from '../../src/core/errors.ts';
import { emptyMap, getIn, setIn } from '../../src/core/persistent-map.ts';
import { currentOf, currentOfAll, isRecorded } from './current.ts';
import type { ChangedStorage, Frame } from './frame.ts';
import type { Edge, Storage, Tensor, View } from './graph.ts';
import { copySlices, gradientEdge, nameOfHistory, noEdge } from './node.ts';
import type { PartRecording, Recorded } from './operator.ts';
import { placesIn } from './operators/strided.ts';
import { checked, recordInto } from './record.ts';
import { elementsIn, formatShape, isSameShape, typeNames } from './tensor.ts';
import { torchCheck } from './torch-error.ts';
import { requireChangeable, requireNoOverlap } from './view-errors.ts';
import { storageOf, viewOf } from './views.ts';

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
  /** The node that all that lies there is a result of from now on, as texts name it. */
  readonly by?: string;
  readonly frame: Frame;
  /** Where the elements lie and their version now; a constant lies nowhere. */
  readonly storage?: Storage;
  /** The first argument as it is from now on. */
  readonly value: Tensor;
}

/**
 * Applies an operator in place: the first argument is from now on what this gives, and so are, for those who
 * read them anew, what it is a view of and other views of that; what saved it before can no longer be gone
 * through. A constant is a value, and so is what saved it.
 *
 * @throws {TorchError} for a leaf that requires a gradient, for a view that PyTorch does not change, and where
 * shapes or types do not fit.
 * @throws {SimulationError} `engine/unsupported`; `engine/bad-argument`.
 * @see PyTorch, `torch/csrc/autograd/VariableTypeUtils.h`, `check_inplace`, `increment_version`; `variable.cpp`,
 * `rebase_history`.
 */
export function recordInPlace(recording: PartRecording): Changed {
  const { op } = recording;
  const [given] = recording.args;
  invariant(
    typeof given === 'object' && inPlaceOperators.has(op),
    'engine/unsupported',
    `"${op}" cannot be applied in place here. Operators that can are ` +
      `${[...inPlaceOperators].join(', ')}, and their first argument is a tensor.`,
  );
  const call = checked(recording);
  const view = viewOf(given);
  if (recording.frame.gradMode && recording.args.some((arg) => isRecorded(recording.frame, arg))) {
    requireChangeable(given, view);
  }
  const { frame: read, value: self } = currentOf(recording.frame, given);
  const { args: others, frame } = currentOfAll(read, call.args.slice(1));
  const args = [self, ...others];
  requireNoOverlap(args);
  const at = storageOf(self);
  const storage = at && { id: at.id, version: at.version + 1 };
  const made = recordInto({ ...call, args, frame }, storage);
  requireFit(self, made.value);
  if (at === undefined || storage === undefined) {
    return { frame: made.frame, value: historyKept(self, made.value) };
  }
  const storages = frame.storages ?? emptyMap<ChangedStorage>();
  const { data } = made.value;
  const known = getIn(storages, storage.id);
  // What another function changed since came whole with its tensor.
  const before = known?.version === at.version ? known : undefined;
  const base = before?.edge ?? (view === undefined ? gradientEdge(self) : (view.edge ?? noEdge));
  const { edge, frame: after } = rebased({ base, made, self, view });
  const next: ChangedStorage = {
    edge,
    version: storage.version,
    views: emptyMap(),
    written: written(before, data, view),
  };
  const now = currentOf({ ...after, storages: setIn(storages, storage.id, next) }, self);
  const by = nameOfHistory(edge);
  return {
    ...(by === undefined ? {} : { by }),
    frame: now.frame,
    storage,
    value: asOf(at, now.value, view),
  };
}

/** A view without a right history is read anew where one is asked for. */
function asOf(storage: Storage | undefined, value: Tensor, view: View | undefined): Tensor {
  const isRight = view === undefined || view.origin === 'default' || view.origin === 'detached';
  return isRight || storage === undefined ? value : canonical({ ...value, storage });
}

function requireFit(self: Tensor, made: Tensor): void {
  torchCheck(
    isSameShape(made.shape, self.shape),
    `output with shape ${formatShape(self.shape)} doesn't match the broadcast shape ` +
      formatShape(made.shape),
  );
  torchCheck(
    made.dtype === self.dtype,
    `result type ${typeNames[made.dtype]} can't be cast to the desired output type ` +
      typeNames[self.dtype],
  );
}

interface InPlace {
  /** Where the gradient of the whole went before. */
  readonly base: Edge;
  readonly made: Recorded;
  readonly self: Tensor;
  readonly view: View | undefined;
}

interface Rebased {
  /** Where the gradient of the whole goes from now on. */
  readonly edge: Edge;
  readonly frame: Frame;
}

/** @see PyTorch, `torch/csrc/autograd/variable.cpp`, `rebase_history`. */
function rebased({ base, made, self, view }: InPlace): Rebased {
  const { frame, value } = made;
  if (value.gradFn === undefined || view === undefined) {
    return { edge: value.gradFn === undefined ? base : gradientEdge(value), frame };
  }
  const { node: inner } = value.gradFn;
  const own = gradientEdge(self);
  const [first] = inner.nextEdges;
  invariant(
    inner.type === 'operator' &&
      first?.type === own.type &&
      (first.type === 'no-edge' || own.type === 'no-edge' || first.node.id === own.node.id),
    'engine/unsupported',
    'An operator that is made of several cannot change a view in place. Change it by its parts.',
  );
  const { node, frame: after } = copySlices({ base, frame, inner, self, view });
  return { edge: { inputNr: 0, node, type: 'edge' }, frame: after };
}

type Written = ChangedStorage['written'];

/** What was written before, and now through this view. */
function written(
  before: ChangedStorage | undefined,
  data: readonly number[],
  view: View | undefined,
): Written {
  if (view === undefined) return { data };
  const now = placesIn(view.place);
  const { data: elements = [], places } = before?.written ?? { places: [] };
  const byPlace = new Map(
    (places ?? [...elements.keys()]).map((at, index) => [at, elements[index] ?? 0]),
  );
  for (const [index, place] of now.entries()) byPlace.set(place, data[index] ?? 0);
  const all = [...byPlace.keys()].toSorted((first, second) => first - second);
  const sorted = all.map((place) => byPlace.get(place) ?? 0);
  return all.length === elementsIn(view.base) ? { data: sorted } : { data: sorted, places: all };
}

/** Without recording only the elements change: the tensor is the leaf or the result that it was. */
function historyKept(self: Tensor, made: Tensor): Tensor {
  if (made.requiresGrad || !self.requiresGrad) return made;
  return canonical({ ...self, data: made.data });
}
