import { SimulationError } from '../../src/core/errors.ts';

/** The name of a class of Python: `RuntimeError`, `IndexError`, `ValueError`, `TypeError` out of tensor code. */
export type TorchErrorType = string;

/**
 * What PyTorch itself would raise at this point. Simulated user code may catch it and a worker may
 * send it to a peer, so whoever calls the engine turns it into data: `type` and `message` are PyTorch's.
 */
export class TorchError extends SimulationError {
  /** The class of the exception in Python. */
  readonly type: TorchErrorType;

  constructor(type: TorchErrorType, message: string) {
    super('engine/torch-error', message);
    this.name = 'TorchError';
    this.type = type;
  }
}

/** Raises PyTorch's `RuntimeError` with this text unless `condition` holds. */
export function torchCheck(condition: boolean, message: string): asserts condition {
  if (!condition) throw new TorchError('RuntimeError', message);
}
