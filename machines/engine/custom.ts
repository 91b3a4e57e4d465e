import type { Frame } from './frame.ts';
import type { Tensor } from './graph.ts';
import { customNode, gradientEdge, noEdge, withHistory } from './node.ts';
import { isTensor } from './tensor.ts';
import { storageOf } from './views.ts';

/** A function of user code that ran, and what its backward is. */
export interface CustomRecording {
  readonly fn: string;
  readonly frame: Frame;
  /** Its arguments; nothing where one is no tensor. */
  readonly inputs: readonly (Tensor | undefined)[];
  readonly kept: readonly unknown[];
  readonly name: string;
  readonly outputs: readonly Tensor[];
}

/** The results of a function of user code, with the node that calls its backward as their history. */
export function recordCustom(recording: CustomRecording): {
  readonly frame: Frame;
  readonly values: readonly Tensor[];
} {
  const { fn, frame, inputs, kept, name, outputs } = recording;
  if (!frame.gradMode || !inputs.some((input) => input?.requiresGrad === true)) {
    return { frame, values: outputs };
  }
  const made = customNode({
    fn,
    frame,
    kept,
    name: `${name}Backward`,
    nextEdges: inputs.map((input) => (input === undefined ? noEdge : gradientEdge(input))),
    outputs,
    storages: kept.map((value) => (isTensor(value) ? storageOf(value) : undefined)),
  });
  const results = outputs.map((output) =>
    output.dtype.startsWith('float') ? { ...output, requiresGrad: true } : output,
  );
  return { frame: made.frame, values: withHistory(results, made.node) };
}
