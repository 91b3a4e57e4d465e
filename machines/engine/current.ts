/**
 * A tensor is a value, and in PyTorch it is a name for what lies in memory: what a function has in hand is
 * read anew wherever it is given after it, its base or another view was changed in place.
 */
import { canonical } from '../../src/core/canonical.ts';
import { emptyMap, getIn, setIn } from '../../src/core/persistent-map.ts';
import type { ChangedStorage, Frame } from './frame.ts';
import type { Storage, Tensor, View } from './graph.ts';
import { withHistoryOf } from './history.ts';
import { operatorNode } from './node.ts';
import { contiguous, placesIn } from './operators/strided.ts';
import { bare, isTensor } from './tensor.ts';
import { requireOrigin } from './view-errors.ts';
import { storageOf, viewOf } from './views.ts';

/** A tensor as it is now. */
export interface Current {
  readonly frame: Frame;
  readonly value: Tensor;
}

/**
 * The tensor with the elements that it has by now. A view whose base got another history, or may have got
 * one, gets one that follows from where it lies.
 *
 * @throws {TorchError} for a view that others may not be changed beside.
 * @see PyTorch, `torch/csrc/autograd/variable.cpp`, `VariableHooks::grad_fn`.
 */
export function currentOf(frame: Frame, source: Tensor): Current {
  const changed = changedSince(frame, source);
  if (changed === undefined) return { frame, value: source };
  const view = viewOf(source);
  const now = { id: changed.id, version: changed.version };
  const data = dataNow(source, view, changed);
  const { edge } = changed;
  if (view === undefined) {
    return {
      frame,
      value: withHistoryOf(canonical({ ...bare(source), data, storage: now }), edge),
    };
  }
  if (view.origin === 'detached' || edge.type === 'no-edge') {
    return { frame, value: canonical({ ...source, data, storage: now }) };
  }
  // Nothing asks for its history where nothing is recorded.
  if (view.origin !== 'default' && !frame.gradMode) {
    return { frame, value: canonical({ ...source, data, storage: now }) };
  }
  requireOrigin(source, view, 'indirectly');
  return laidAnew(frame, { changed, data, source, storage: now, view });
}

/** The same of all arguments of an operator; what is no tensor stays. */
export function currentOfAll(
  frame: Frame,
  args: readonly (Tensor | number)[],
): { readonly args: readonly (Tensor | number)[]; readonly frame: Frame } {
  if (frame.storages === undefined) return { args, frame };
  let after = frame;
  const now = args.map((arg) => {
    if (!isTensor(arg)) return arg;
    const { frame: next, value } = currentOf(after, arg);
    after = next;
    return value;
  });
  return { args: now, frame: after };
}

/**
 * Whether what is done with it is recorded. What is a view of what requires a gradient counts as if it did,
 * even where it was made without recording.
 */
export function isRecorded(frame: Frame, arg: Tensor | number): boolean {
  if (!isTensor(arg)) return false;
  const { requiresGrad, view } = arg;
  if (requiresGrad) return true;
  if (view?.origin === 'detached') return false;
  return view?.edge !== undefined || changedSince(frame, arg)?.edge.type === 'edge';
}

function changedSince(
  { storages }: Frame,
  source: Tensor,
): (ChangedStorage & Pick<Storage, 'id'>) | undefined {
  if (storages === undefined) return undefined;
  const storage = storageOf(source);
  const changed = storage && getIn(storages, storage.id);
  if (storage === undefined || changed === undefined || changed.version <= storage.version) {
    return undefined;
  }
  return { ...changed, id: storage.id };
}

function dataNow(
  { data, shape }: Tensor,
  view: View | undefined,
  { written }: ChangedStorage,
): readonly number[] {
  const { data: elements, places } = written;
  if (view === undefined && places === undefined) return elements;
  const indices = placesIn(view?.place ?? contiguous(shape));
  if (places === undefined) return indices.map((place) => elements[place] ?? 0);
  const byPlace = new Map(places.map((place, index) => [place, elements[index]]));
  return data.map((element, index) => byPlace.get(indices[index] ?? -1) ?? element);
}

interface LaidAnew {
  readonly changed: ChangedStorage;
  readonly data: readonly number[];
  readonly source: Tensor;
  readonly storage: Storage;
  readonly view: View;
}

/** A view is asked for its history again and again, and has one. */
function laidAnew(frame: Frame, { changed, data, source, storage, view }: LaidAnew): Current {
  const { offset, sizes, strides } = view.place;
  const key =
    source.gradFn === undefined
      ? `${offset} ${sizes.join(',')} ${strides.join(',')}`
      : `${source.gradFn.node.id}:${source.gradFn.outputNr}`;
  const known = getIn(changed.views, key);
  const made =
    known === undefined
      ? operatorNode({
          frame,
          name: 'AsStridedBackward0',
          nextEdges: [changed.edge],
          outputs: [source],
          saved: [{ inputShape: view.base, offset, sizes, strides }],
        })
      : { frame, node: known };
  const edge = { inputNr: 0, node: made.node, type: 'edge' } as const;
  const value = withHistoryOf({ ...bare(source), data, storage }, edge);
  if (known !== undefined) return { frame, value };
  const views = setIn(changed.views, key, made.node);
  const storages = setIn(frame.storages ?? emptyMap<ChangedStorage>(), storage.id, {
    edge: changed.edge,
    version: changed.version,
    views,
    written: changed.written,
  });
  return { frame: { ...made.frame, storages }, value };
}
