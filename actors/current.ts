/** Tensors that user code gives are read anew where it changed them, or what they are views of, in place. */
import { currentOf } from '../machines/engine/current.ts';
import type { Frame } from '../machines/engine/frame.ts';
import { isTensor } from '../machines/engine/tensor.ts';
import { failureOf } from '../machines/rpc/user/failure.ts';
import { isPlainObject, mapMembers } from '../machines/rpc/user/presenter.ts';
import type { CurrentReader } from '../src/index.ts';

/** Requests that read tensors themselves, or that ask for what belongs to a tensor as it was. */
const asGiven: ReadonlySet<unknown> = new Set([
  'torch.grad',
  'torch.record',
  'torch.record-all',
  'torch.record-in-place',
  'torch.set-grad',
  'torch.set-recording',
]);

/** A request or a result of user code with its tensors as they are by now. */
export const currentIn: CurrentReader<Frame> = (frame, given) => {
  if (frame.storages === undefined || asGiven.has(typeOf(given))) return { answer: given, frame };
  let after = frame;
  const read = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    // Nothing else holds tensors that user code gave.
    if (!isTensor(value)) return isPlainObject(value) ? mapMembers(value, read) : value;
    const now = currentOf(after, value);
    after = now.frame;
    return now.value;
  };
  try {
    return { answer: readRequest(given, read), frame: after };
  } catch (thrown) {
    return { frame, thrown: failureOf(thrown) };
  }
};

/** Where recording stands is no data of the user's. */
function readRequest(given: unknown, read: (value: unknown) => unknown): unknown {
  if (typeof given !== 'object' || given === null || !('frame' in given)) return read(given);
  if (!String(typeOf(given)).startsWith('engine.')) return read(given);
  const { frame, ...rest } = given;
  return { ...Object(read(rest)), frame };
}

function typeOf(given: unknown): unknown {
  return typeof given === 'object' && given !== null && 'type' in given ? given.type : undefined;
}
