/**
 * Devices, streams and events as user code writes them. Nothing runs on a device: an operator is an operation of a
 * stream that has results at once, and what is simulated is which operations are ordered.
 *
 * @see PyTorch, `torch.cuda`.
 */
import type { EventHandle, StreamHandle } from '../machines/rpc/user/user-request.ts';
import type { Program } from '../src/index.ts';
import { ask } from './ask.ts';

/** A CUDA device by its name or index. */
export type Device = number | string;

/** `torch.cuda`. */
export const cuda = Object.freeze({
  currentStream,
  defaultStream,
  deviceCount,
  eventSynchronize,
  recordEvent,
  stream,
  streamSynchronize,
  synchronize,
  useStream,
  waitEvent,
  waitStream,
});

/** How many devices this process has. */
function* deviceCount(): Program<number> {
  return yield* ask<number>({ type: 'cuda.device-count' });
}

/** The stream on which this thread works on a device. */
function* currentStream(device: Device = 0): Program<StreamHandle> {
  return yield* ask<StreamHandle>({ type: 'cuda.current-stream', device, isDefault: false });
}

/** The stream on which threads of programs work unless they choose another. */
function* defaultStream(device: Device = 0): Program<StreamHandle> {
  return yield* ask<StreamHandle>({ type: 'cuda.current-stream', device, isDefault: true });
}

/** `torch.cuda.Stream(device)`: a stream that waits for no other. */
function* stream(device: Device = 0): Program<StreamHandle> {
  return yield* ask<StreamHandle>({ type: 'cuda.make-stream', device });
}

/** `with torch.cuda.stream(stream):` runs `body` on the stream. */
function* useStream<Result>(used: StreamHandle, body: () => Program<Result>): Program<Result> {
  const before = yield* setStream(used);
  try {
    return yield* body();
  } finally {
    yield* setStream(before);
  }
}

function* setStream(used: StreamHandle): Program<StreamHandle> {
  return yield* ask<StreamHandle>({ type: 'cuda.set-stream', stream: used });
}

/** `stream.record_event()`: what the stream was given up to now. */
function* recordEvent(of: StreamHandle): Program<EventHandle> {
  return yield* ask<EventHandle>({ type: 'cuda.record-event', stream: of });
}

/** `stream.wait_event(event)`: what `waiting` is given later runs after the event. */
function* waitEvent(waiting: StreamHandle, event: EventHandle): Program<void> {
  yield* ask<undefined>({ type: 'cuda.wait-event', event, stream: waiting });
}

/** `stream.wait_stream(other)`: what `waiting` is given later runs after what `other` was given before. */
function* waitStream(waiting: StreamHandle, other: StreamHandle): Program<void> {
  yield* waitEvent(waiting, yield* recordEvent(other));
}

/** `event.synchronize()`: this thread waits until it is over. */
function* eventSynchronize(event: EventHandle): Program<void> {
  yield* ask<undefined>({ type: 'cuda.synchronize-event', event });
}

/** `stream.synchronize()`: this thread waits until all that the stream was given is over. */
function* streamSynchronize(of: StreamHandle): Program<void> {
  yield* eventSynchronize(yield* recordEvent(of));
}

/** `torch.cuda.synchronize(device)`: this thread waits until all that the device was given is over. */
function* synchronize(device: Device = 0): Program<void> {
  yield* ask<undefined>({ type: 'cuda.synchronize', device });
}
