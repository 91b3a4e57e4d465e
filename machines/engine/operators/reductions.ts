import { expand, mapElements } from '../broadcast.ts';
import type { Saved, Tensor } from '../graph.ts';
import type { FinishedCall, PrimitiveOperator } from '../operator.ts';
import { inputAt, numbersIn, unary } from '../operator.ts';
import { elementsIn, float32, roundToFloat32 } from '../tensor.ts';

/** The operators that make one number of all elements; they sum in double and round once. */
export const reductions = {
  sum: unary('SumBackward0', (self) => single(total(self)), {
    saves: savesShape,
    gradient: ({ grad, saved }) => expand(grad, numbersIn(saved, 'shape')),
  }),
  mean: unary('MeanBackward0', (self) => single(total(self) / self.data.length), {
    saves: savesShape,
    gradient: ({ grad, saved }) => {
      const shape = numbersIn(saved, 'shape');
      return mapElements(expand(grad, shape), (g) => g / elementsIn(shape));
    },
  }),
} satisfies Readonly<Record<string, PrimitiveOperator>>;

function total({ data }: Tensor): number {
  let sum = 0;
  for (const element of data) sum += element;
  return sum;
}

function single(value: number): Tensor {
  return float32([], [roundToFloat32(value)]);
}

function savesShape({ inputs }: FinishedCall): Saved {
  return { shape: inputAt(inputs, 0).shape };
}
