/** What user code asks of its own thread: answered within its step, without the worker. */
import { cpu } from '../machines/devices/device.ts';
import type { CustomRecording } from '../machines/engine/custom.ts';
import { recordCustom } from '../machines/engine/custom.ts';
import type { Frame } from '../machines/engine/frame.ts';
import { buffer, leaf } from '../machines/engine/frame.ts';
import type { DType, Shape, Tensor } from '../machines/engine/graph.ts';
import { recordInPlace } from '../machines/engine/in-place.ts';
import type { Attributes } from '../machines/engine/operator.ts';
import type { OperatorName } from '../machines/engine/operators.ts';
import { record } from '../machines/engine/record.ts';
import { tensor } from '../machines/engine/tensor.ts';
import { torchCheck } from '../machines/engine/torch-error.ts';
import { failureOf } from '../machines/rpc/user/failure.ts';
import type { LocalTable } from '../src/index.ts';

/** Applies an operator; the answer is its first result, or the list of all. */
export interface RecordRequest {
  readonly type: 'torch.record' | 'torch.record-all' | 'torch.record-in-place';
  readonly args: readonly (Tensor | number)[];
  readonly attributes: Attributes;
  readonly op: OperatorName;
}

/** Makes a tensor; a leaf of the graph if it is to require a gradient. */
export interface TensorRequest {
  readonly type: 'torch.tensor';
  readonly data: readonly number[];
  readonly device?: string;
  readonly dtype: DType;
  readonly requiresGrad: boolean;
  readonly shape: Shape;
  /** The operator that makes it, where it is one. */
  readonly op?: string;
}

/** Switches the notes of a profiler on or off. */
export interface ProfilerNoteRequest {
  readonly type: 'profiler.note';
  readonly isOn: boolean;
}

/** Reads a tensor anew, or gives a constant a place of its own. */
export interface TensorNow {
  readonly type: 'torch.buffer' | 'torch.current';
  readonly tensor: Tensor;
}

/** Where recording stands after a pass that recorded. */
export interface SetRecordingRequest {
  readonly type: 'torch.set-recording';
  readonly frame: Frame;
}

/** A function of user code ran: its results get its backward as history. */
export type RecordCustomRequest = { readonly type: 'torch.record-custom' } & Omit<
  CustomRecording,
  'frame'
>;

/** Switches recording on or off. */
export interface SetGradModeRequest {
  readonly type: 'torch.set-grad-mode';
  readonly gradMode: boolean;
}

/** The answers; what PyTorch raises is thrown in user code. */
export const frameRequests: LocalTable<Frame> = {
  'profiler.note': (frame, { isOn }: ProfilerNoteRequest) => {
    const { ops: _, ...plain } = frame;
    return { answer: undefined, frame: isOn ? { ...frame, ops: [] } : plain };
  },
  'profiler.take': (frame) => ({ answer: frame.ops, frame: told(frame) }),
  'rpc.call-mode': (frame) => {
    const { gradMode, ops } = frame;
    return {
      answer: ops === undefined ? { gradMode } : { gradMode, ops },
      frame: told(frame),
    };
  },
  'torch.buffer': (frame, { tensor: source }: TensorNow) => {
    const { frame: after, value } = buffer(frame, source);
    return { answer: value, frame: after };
  },
  // What is asked with is read anew as all that is asked with.
  'torch.current': (frame, { tensor: source }: TensorNow) => ({ answer: source, frame }),
  'torch.frame': (frame) => ({ answer: frame, frame }),
  'torch.grad-mode': (frame) => ({ answer: frame.gradMode, frame }),
  'torch.record': (frame, { args, attributes, op }: RecordRequest) =>
    attempt(frame, () => {
      const made = record({ args, attributes, frame, op });
      return { answer: made.value, frame: noted(made.frame, op) };
    }),
  'torch.record-all': (frame, { args, attributes, op }: RecordRequest) =>
    attempt(frame, () => {
      const made = record({ args, attributes, frame, op });
      return { answer: made.values, frame: noted(made.frame, op) };
    }),
  'torch.record-custom': (frame, recording: RecordCustomRequest) =>
    attempt(frame, () => {
      const made = recordCustom({ ...recording, frame });
      return { answer: made.values, frame: made.frame };
    }),
  'torch.record-in-place': (frame, { args, attributes, op }: RecordRequest) =>
    attempt(frame, () => {
      const { frame: after, ...answer } = recordInPlace({ args, attributes, frame, op });
      return { answer, frame: noted(after, `${op}_`) };
    }),
  'torch.set-recording': ({ gradMode }, { frame }: SetRecordingRequest) => ({
    answer: undefined,
    frame: { ...frame, gradMode },
  }),
  'torch.set-grad-mode': (frame, { gradMode }: SetGradModeRequest) => ({
    answer: undefined,
    frame: { ...frame, gradMode },
  }),
  'torch.tensor': (before, { data, device = cpu, dtype, op, requiresGrad, shape }: TensorRequest) =>
    attempt(before, () => {
      const frame = op === undefined ? before : noted(before, op);
      const made = tensor(data, { device, dtype, shape });
      if (!requiresGrad) return { answer: made, frame };
      torchCheck(
        dtype === 'float32' || dtype === 'float64',
        'Only Tensors of floating point and complex dtype can require gradients',
      );
      const { frame: after, value } = leaf(frame, made);
      return { answer: value, frame: after };
    }),
};

/** A profiler is to record the operator. */
function noted(frame: Frame, op: string): Frame {
  return frame.ops === undefined ? frame : { ...frame, ops: [...frame.ops, op] };
}

/** What there was to record was told. */
function told(frame: Frame): Frame {
  return frame.ops === undefined || frame.ops.length === 0 ? frame : { ...frame, ops: [] };
}

interface Answered {
  readonly answer: unknown;
  readonly frame: Frame;
}

function attempt(frame: Frame, go: () => Answered): ReturnType<LocalTable<Frame>[string]> {
  try {
    return go();
  } catch (thrown) {
    return { frame, thrown: failureOf(thrown) };
  }
}
