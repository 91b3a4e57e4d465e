import type { Operator } from '../operator.ts';
import { inputAt, textIn } from '../operator.ts';
import { toDevice } from '../tensor.ts';

/** What moves tensors from device to device. */
export const devices = {
  /** A copy on another device; its gradient comes back to where the tensor was. */
  to: {
    type: 'primitive',
    arity: 1,
    derivatives: [
      {
        saves: ({ inputs }) => ({ device: inputAt(inputs, 0).device }),
        gradient: ({ grad, saved }) => toDevice(grad, textIn(saved, 'device')),
      },
    ],
    device: (attributes) => textIn(attributes, 'device'),
    forward: ({ inputs }) => inputs,
    kinds: ['moved'],
    node: 'ToCopyBackward0',
  },
} satisfies Readonly<Record<string, Operator>>;
