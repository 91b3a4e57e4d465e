import { currentOf } from '../../../machines/engine/current.ts';
import type { ChangedStorage, Frame } from '../../../machines/engine/frame.ts';
import { buffer, leaf, newFrame } from '../../../machines/engine/frame.ts';
import type { AutogradNode, Gradient, Shape, Tensor } from '../../../machines/engine/graph.ts';
import type { TensorId } from '../../../machines/engine/ids.ts';
import { autogradNodeId, tensorId, threadId } from '../../../machines/engine/ids.ts';
import { recordInPlace } from '../../../machines/engine/in-place.ts';
import { nameOfHistory, noEdge } from '../../../machines/engine/node.ts';
import type { Attributes } from '../../../machines/engine/operator.ts';
import type { OperatorName } from '../../../machines/engine/operators.ts';
import { record } from '../../../machines/engine/record.ts';
import { tensor } from '../../../machines/engine/tensor.ts';
import type { Versions } from '../../../machines/engine/versions.ts';
import { emptyMap, entriesOf, mapOf } from '../../../src/core/persistent-map.ts';

/** A thread that records, so that a test reads like the program it stands for. */
export interface Thread {
  readonly apply: (op: OperatorName, ...args: readonly (Tensor | number)[]) => Tensor;
  /** All results of an operator. */
  readonly applyAll: (
    attributes: Attributes,
    op: OperatorName,
    ...args: readonly (Tensor | number)[]
  ) => readonly Tensor[];
  readonly applyInPlace: (op: OperatorName, ...args: readonly (Tensor | number)[]) => Tensor;
  readonly applyWith: (
    attributes: Attributes,
    op: OperatorName,
    ...args: readonly (Tensor | number)[]
  ) => Tensor;
  readonly buffer: (source: Tensor) => Tensor;
  /** A tensor as it is by now. */
  readonly current: (source: Tensor) => Tensor;
  readonly frame: () => Frame;
  readonly leaf: (data: readonly number[], shape?: Shape) => Tensor;
  /** The same of a tensor of any type. */
  readonly leafOf: (value: Tensor) => Tensor;
  readonly setFrame: (frame: Frame) => void;
  readonly setGradMode: (isOn: boolean) => void;
  /** What it changed in place. */
  readonly versions: () => Versions;
}

export function createThread(name: string): Thread {
  let frame = newFrame(threadId(name));
  const current = (source: Tensor): Tensor => {
    const now = currentOf(frame, source);
    ({ frame } = now);
    return now.value;
  };
  const applyAll: Thread['applyAll'] = (attributes, op, ...args) => {
    const made = record({ args, attributes, frame, op });
    frame = made.frame;
    return made.values;
  };
  const applyWith: Thread['applyWith'] = (attributes, op, ...args) =>
    applyAll(attributes, op, ...args)[0] ?? tensor([]);
  const leafOf: Thread['leafOf'] = (value) => {
    const made = leaf(frame, value);
    frame = made.frame;
    return made.value;
  };
  return {
    apply: (op, ...args) => applyWith({}, op, ...args),
    applyAll,
    applyInPlace: (op, ...args) => {
      const changed = recordInPlace({ args, frame, op });
      ({ frame } = changed);
      return changed.value;
    },
    applyWith,
    buffer: (source) => {
      const made = buffer(frame, source);
      ({ frame } = made);
      return made.value;
    },
    current,
    frame: () => frame,
    leaf: (data, shape = [data.length]) => leafOf(tensor(data, { shape })),
    leafOf,
    setFrame: (next) => {
      frame = next;
    },
    setGradMode: (gradMode) => {
      frame = { ...frame, gradMode };
    },
    versions: () => {
      const changed = [...entriesOf(frame.storages ?? emptyMap<ChangedStorage>())];
      return mapOf(
        changed.map(([id, { edge, version }]) => {
          const by = nameOfHistory(edge);
          return [id, by === undefined ? { version } : { by, version }] as const;
        }),
      );
    },
  };
}

/** The name of a leaf. */
export function idOf(source: Tensor): TensorId {
  return source.id ?? tensorId('no leaf');
}

/** The elements of a gradient; none if it is undefined. */
export function dataOf(gradient: Gradient | undefined): readonly number[] | undefined {
  return gradient?.type === 'tensor' ? gradient.data : undefined;
}

/** The node that made a tensor. */
export function nodeOf(source: Tensor): AutogradNode {
  return source.gradFn?.node ?? nowhere;
}

const nowhere: AutogradNode = {
  id: autogradNodeId('nowhere'),
  inputMetadata: [],
  name: 'Nowhere',
  nextEdges: [noEdge],
  saved: [],
  sequenceNr: 0,
  type: 'operator',
};
