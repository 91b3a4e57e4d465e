import { canonical } from '../../src/core/canonical.ts';
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import type { AutogradNode, Edge, Tensor } from './graph.ts';
import type { ThreadId } from './ids.ts';
import { storageId, tensorId } from './ids.ts';
import { bare } from './tensor.ts';

/** What recording needs of the thread it runs on; each recording gives the next frame. */
export interface Frame {
  /** Whether operators record how they were made (`torch.no_grad` turns it off). */
  readonly gradMode: boolean;
  readonly nextSequenceNr: number;
  readonly nextTensorNr: number;
  /** The operators that were applied and not yet recorded, where a profiler is on. */
  readonly ops?: readonly string[];
  /** What this function changed in place. */
  readonly storages?: PersistentMap<ChangedStorage>;
  readonly threadId: ThreadId;
}

/** Elements that were changed in place: what tensors from before, and views, are to be read anew by. */
export interface ChangedStorage {
  /** Where the gradient of all of them goes now. */
  readonly edge: Edge;
  readonly version: number;
  /** The nodes that views got since the last change, by what they had before. */
  readonly views: PersistentMap<AutogradNode>;
  /** What was ever written, by place; all places unless told. */
  readonly written: { readonly data: readonly number[]; readonly places?: readonly number[] };
}

/** The frame of a thread that has recorded nothing. */
export function newFrame(threadId: ThreadId): Frame {
  return { gradMode: true, nextSequenceNr: 0, nextTensorNr: 0, threadId };
}

/** What `leaf` gives back. */
export interface MadeLeaf {
  readonly frame: Frame;
  readonly value: Tensor;
}

/** The elements of `source` as a new leaf that requires a gradient (`requires_grad_()`). */
export function leaf(frame: Frame, source: Tensor): MadeLeaf {
  const { data, device, dtype, layout, shape, sparse } = source;
  const id = tensorId(`${frame.threadId}:${frame.nextTensorNr}`);
  return {
    frame: { ...frame, nextTensorNr: frame.nextTensorNr + 1 },
    value: canonical({
      data,
      device,
      dtype,
      id,
      layout,
      requiresGrad: true,
      shape,
      ...(sparse === undefined ? {} : { sparse }),
      type: 'tensor',
    }),
  };
}

/**
 * The elements of `source` in a place of their own: what changes them in place, or a view of them, changes
 * them for all who read them anew.
 */
export function buffer(frame: Frame, source: Tensor): MadeLeaf {
  const id = storageId(`${frame.threadId}:${frame.nextTensorNr}`);
  return {
    frame: { ...frame, nextTensorNr: frame.nextTensorNr + 1 },
    value: canonical({ ...bare(source), storage: { id, version: 0 } }),
  };
}
