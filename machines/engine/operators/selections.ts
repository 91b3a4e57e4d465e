import type { Tensor } from '../graph.ts';
import type { Operator, PrimitiveOperator } from '../operator.ts';
import { inputAt, numbersIn, savedTensor } from '../operator.ts';
import { int64, moved } from '../tensor.ts';
import type { Groups } from './groups.ts';
import { groupsOf, membersOf, requireElements } from './groups.ts';
import { byDim } from './reductions.ts';
import { scattered } from './strided.ts';

/** The largest and the smallest along a dimension: the elements and, as a second tensor, where they were. */
export const selections = {
  max: byDim('max'),
  'max.dim': extreme('max', 'MaxBackward0', (candidate, best) => candidate > best),
  min: byDim('min'),
  'min.dim': extreme('min', 'MinBackward0', (candidate, best) => candidate < best),
  argmax: place('argmax', (candidate, best) => candidate > best),
  argmin: place('argmin', (candidate, best) => candidate < best),
} satisfies Readonly<Record<string, Operator>>;

/** Whether a candidate is to be taken instead of the best so far: of equal ones, the first stays. */
type Beats = (candidate: number, best: number) => boolean;

function extreme(name: string, node: string, beats: Beats): PrimitiveOperator {
  return {
    type: 'primitive',
    arity: 1,
    derivatives: [
      {
        saves: ({ attributes, inputs, outputs }) => ({
          ...attributes,
          indices: inputAt(outputs, 1),
          inputShape: inputAt(inputs, 0).shape,
        }),
        gradient: ({ grad, saved }) => {
          const shape = numbersIn(saved, 'inputShape');
          const members = membersOf(groupsOf(shape, saved));
          const { data } = savedTensor(saved, 'indices');
          const places = members.map((group, index) => group[data[index] ?? 0] ?? 0);
          return scattered(grad, shape, places);
        },
      },
    ],
    forward: ({ attributes, inputs }) => {
      const { chosen, groups, self } = choose(name, beats, { attributes, inputs });
      return [
        moved(
          [self],
          groups.shape,
          chosen.map(({ place: at }) => self.data[at] ?? 0),
        ),
        int64(
          groups.shape,
          chosen.map(({ index }) => index),
        ),
      ];
    },
    node,
  };
}

function place(name: string, beats: Beats): PrimitiveOperator {
  return {
    type: 'primitive',
    arity: 1,
    derivatives: [],
    forward: ({ attributes, inputs }) => {
      const { chosen, groups } = choose(name, beats, { attributes, inputs });
      return [
        int64(
          groups.shape,
          chosen.map(({ index }) => index),
        ),
      ];
    },
    node: '',
  };
}

interface Chosen {
  /** Its number within its group. */
  readonly index: number;
  readonly place: number;
}

type Operands = Parameters<PrimitiveOperator['forward']>[0];

interface Choice {
  /** One for each group. */
  readonly chosen: readonly Chosen[];
  readonly groups: Groups;
  readonly self: Tensor;
}

function choose(name: string, beats: Beats, { attributes, inputs }: Operands): Choice {
  const self = inputAt(inputs, 0);
  requireElements(name, self.shape, attributes);
  const groups = groupsOf(self.shape, attributes);
  const chosen = membersOf(groups).map((places) => {
    let index = 0;
    for (const [candidate, at] of places.entries()) {
      const value = self.data[at] ?? 0;
      const best = self.data[places[index] ?? 0] ?? 0;
      if (!Number.isNaN(best) && (Number.isNaN(value) || beats(value, best))) index = candidate;
    }
    return { index, place: places[index] ?? 0 };
  });
  return { chosen, groups, self };
}
