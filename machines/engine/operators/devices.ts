import type { DType, Saved } from '../graph.ts';
import type { Attributes, Derivative, Operator } from '../operator.ts';
import { inputAt, textIn } from '../operator.ts';
import { isDType, toDevice, toDType } from '../tensor.ts';
import { TorchError } from '../torch-error.ts';

/** The gradient comes back to where the tensor was, and as what it was. */
const copied: Derivative = {
  isPlaced: true,
  saves: ({ inputs }) => {
    const { device, dtype } = inputAt(inputs, 0);
    return { device, dtype };
  },
  gradient: ({ grad, saved }) => toDevice(toDType(grad, typeIn(saved)), textIn(saved, 'device')),
};

/** What moves tensors from device to device, and from type to type. */
export const devices = {
  /** A copy on another device. */
  to: {
    type: 'primitive',
    arity: 1,
    derivatives: [copied],
    device: (attributes) => textIn(attributes, 'device'),
    forward: ({ inputs }) => inputs,
    kinds: ['moved'],
    node: 'ToCopyBackward0',
  },
  /** The elements as another type. */
  'to.dtype': {
    type: 'primitive',
    arity: 1,
    derivatives: [copied],
    dtype: typeIn,
    forward: ({ inputs }) => inputs,
    kinds: ['moved'],
    node: 'ToCopyBackward0',
  },
} satisfies Readonly<Record<string, Operator>>;

function typeIn(record: Attributes | Saved): DType {
  const name = textIn(record, 'dtype');
  if (isDType(name)) return name;
  throw new TorchError('TypeError', `"${name}" is no type of elements`);
}
