import { canonical } from '../../src/core/canonical.ts';
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import type { Tensor } from './graph.ts';
import type { ThreadId } from './ids.ts';
import { tensorId } from './ids.ts';

/** What recording needs of the thread it runs on; each recording gives the next frame. */
export interface Frame {
  /** Whether operators record how they were made (`torch.no_grad` turns it off). */
  readonly gradMode: boolean;
  readonly nextSequenceNr: number;
  readonly nextTensorNr: number;
  /** The operators that were applied and not yet recorded, where a profiler is on. */
  readonly ops?: readonly string[];
  readonly threadId: ThreadId;
  /** The storages that this function changed in place, and their versions since. */
  readonly versions?: PersistentMap<number>;
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
