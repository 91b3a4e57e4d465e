/** Operators that are written in terms of others. */
import type { Arity } from './arity.ts';
import type { Frame } from './frame.ts';
import type { Tensor } from './graph.ts';
import type {
  Attributes,
  CompositeCall,
  CompositeOperator,
  OverloadedOperator,
  WrittenCall,
} from './operator.ts';
import { inputAt } from './operator.ts';

/** A name for several operators: `choose` gives the name of one, or a whole call. */
export function overloaded(
  arity: Arity,
  choose: (call: WrittenCall) => string | (WrittenCall & { readonly op: string }),
): OverloadedOperator {
  return {
    type: 'overloaded',
    arity,
    choose: (call) => {
      const chosen = choose(call);
      return typeof chosen === 'string' ? { ...call, op: chosen } : chosen;
    },
  };
}

/** An operator as a program would write it: `body` applies the parts. */
export function composed(
  arity: Arity,
  body: (parts: Parts, inputs: readonly Tensor[], attributes: Attributes) => readonly Tensor[],
): CompositeOperator {
  return {
    type: 'composite',
    arity,
    compose: ({ attributes, frame, inputs, record }) => {
      const recorder = createRecorder(record, frame);
      const values = body(recorder, inputs, attributes);
      return { frame: recorder.frame(), value: inputAt(values, 0), values };
    },
  };
}

/** Parts that are applied one after the other, and the frame after those so far. */
export interface Recorder extends Parts {
  readonly frame: () => Frame;
}

/** Applies operators by `record`, from `before` on. */
export function createRecorder(record: CompositeCall['record'], before: Frame): Recorder {
  let frame = before;
  const applyAll: Parts['applyAll'] = (op, args, attributes = {}) => {
    const made = record({ args, attributes, frame, op });
    ({ frame } = made);
    return made.values;
  };
  return {
    apply: (op, args, attributes) => inputAt(applyAll(op, args, attributes), 0),
    applyAll,
    frame: () => frame,
  };
}

/** Applies an operator; what it gives is its first or only result. */
export type Apply = (
  op: string,
  args: readonly (Tensor | number)[],
  attributes?: Attributes,
) => Tensor;

/** What the body of a composed operator is written with. */
export interface Parts {
  readonly apply: Apply;
  readonly applyAll: (
    op: string,
    args: readonly (Tensor | number)[],
    attributes?: Attributes,
  ) => readonly Tensor[];
}
