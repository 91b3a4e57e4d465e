/**
 * Python's own pickler, which knows nothing of RPC: what belongs to a process cannot leave it so.
 *
 * @see Python, `pickle`; PyTorch, `torch/csrc/distributed/rpc/init.cpp`, `py::pickle` of `PyRRef`.
 */
import { isTensor, wireTensor } from '../machines/engine/tensor.ts';
import { substituteIn } from '../machines/rpc/references/pickle.ts';
import { isFutureHandle, isRRefHandle } from '../machines/rpc/user/handles.ts';
import type { RRefHandle } from '../machines/rpc/user/handles.ts';
import { plain } from '../machines/rpc/user/presenter.ts';
import type { Program } from '../src/index.ts';
import { ask } from './ask.ts';
import { runtimeError } from './errors.ts';

/** `torch.jit.save`, which writes no file: the value as text. */
export const jit = Object.freeze({ save });

/**
 * The value as the pickler of TorchScript writes it outside of calls.
 *
 * @throws `RuntimeError` for a remote reference.
 * @see PyTorch, `torch/csrc/jit/serialization/pickler.cpp`, `pushRRef`.
 */
function save(value: unknown): string {
  return textOf(value, () => {
    throw runtimeError('RRef jit pickling is only allowed inside RPC calls.');
  });
}

/** `pickle.dumps` and `pickle.loads`. */
export const pickle = Object.freeze({ dumps, loads });

/**
 * The value as text; tensors without their history.
 *
 * @throws `RuntimeError` for a remote reference, unless the process takes it, or a future.
 */
function* dumps(value: unknown): Program<string> {
  const rrefs: RRefHandle[] = [];
  textOf(value, (rref) => {
    rrefs.push(rref);
  });
  const forks: unknown[] = [];
  for (const rref of rrefs) forks.push(yield* ask<unknown>({ type: 'rref.pickle-apart', rref }));
  return textOf(value, () => forks.shift());
}

/** The value as text, with what stands for each remote reference in turn. */
function textOf(value: unknown, forkOf: (rref: RRefHandle) => unknown): string {
  const data = substituteIn(plain(value), (each) => {
    if (isTensor(each)) return { by: wireTensor(each) };
    if (isRRefHandle(each)) return { by: forkOf(each) };
    if (isFutureHandle(each)) throw runtimeError('Can not pickle torch.futures.Future');
    return undefined;
  });
  // JSON has no text for what is absent.
  return data === undefined ? 'null' : JSON.stringify(data);
}

/** A copy of the value that `dumps` made the text of. */
function loads(text: string): unknown {
  return JSON.parse(text);
}
