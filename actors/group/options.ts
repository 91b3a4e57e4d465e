/**
 * Backends and their options.
 *
 * @see PyTorch, `torch/distributed/rpc/backend_registry.py`, `options.py`; `torch/csrc/distributed/rpc/init.cpp`,
 * `RpcBackendOptions`, `_TensorPipeRpcBackendOptionsBase`.
 */
import type { FaultyBackendOptions } from '../../machines/rpc/agent/backend.ts';
import { runtimeError, typeError } from '../errors.ts';

/** A member of `BackendType`. */
export interface Backend {
  readonly type: 'rpc.backend';
  readonly name: string;
}

/** Options of some backend: of the class that its agent takes. */
export interface BackendOptions {
  readonly type: 'rpc.backend-options';
  readonly class: string;
  readonly faults?: FaultyBackendOptions;
  /** Where the group meets. */
  readonly initMethod: string;
  readonly numWorkerThreads?: number;
  /** In seconds; 0 is without end. */
  readonly rpcTimeout?: number;
}

/** What options are made of; what is absent is as the cluster says. */
export type OptionParts = Partial<Omit<BackendOptions, 'class' | 'faults' | 'type'>>;

/** The backends that every process knows. */
export const BackendType = Object.freeze({
  FAULTY_TENSORPIPE: backendOf('FAULTY_TENSORPIPE'),
  TENSORPIPE: backendOf('TENSORPIPE'),
});

/** The class of options that each of them takes. */
export const optionClasses: Readonly<Record<string, string>> = Object.freeze({
  FAULTY_TENSORPIPE: 'FaultyTensorPipeRpcBackendOptions',
  TENSORPIPE: 'TensorPipeRpcBackendOptions',
});

/** A backend of this name. */
export function backendOf(name: string): Backend {
  return { type: 'rpc.backend', name };
}

/** Options of a class of the user's own, `RpcBackendOptions` unless told. */
export function rpcBackendOptions(
  parts: OptionParts = {},
  optionsClass = 'RpcBackendOptions',
): BackendOptions {
  return { initMethod: 'env://', ...parts, class: optionsClass, type: 'rpc.backend-options' };
}

/**
 * `TensorPipeRpcBackendOptions`.
 *
 * @throws `TypeError` for a time-out that is no number, `RuntimeError` for a number of threads below 1.
 */
export function tensorPipeRpcBackendOptions(parts: OptionParts = {}): BackendOptions {
  return tensorPipeOptions(parts, 'TensorPipeRpcBackendOptions');
}

/** `FaultyTensorPipeRpcBackendOptions`: what fails, and what is late. */
export function faultyTensorPipeRpcBackendOptions({
  messagesToDelay,
  messagesToFail,
  numFailSends,
  ...parts
}: OptionParts & FaultyBackendOptions = {}): BackendOptions {
  const faults = {
    ...(messagesToDelay === undefined ? {} : { messagesToDelay }),
    ...(messagesToFail === undefined ? {} : { messagesToFail }),
    ...(numFailSends === undefined ? {} : { numFailSends }),
  };
  return { ...tensorPipeOptions(parts, 'FaultyTensorPipeRpcBackendOptions'), faults };
}

function tensorPipeOptions(parts: OptionParts, optionsClass: string): BackendOptions {
  // Only a type that was cast away can lead here.
  const { numWorkerThreads = 1, rpcTimeout = 0 }: Record<string, unknown> = { ...parts };
  if (typeof rpcTimeout !== 'number' || typeof numWorkerThreads !== 'number') {
    throw typeError('__init__(): incompatible constructor arguments.');
  }
  if (numWorkerThreads <= 0) {
    throw runtimeError(`num_worker_threads must be positive, got ${numWorkerThreads}`);
  }
  return rpcBackendOptions(parts, optionsClass);
}
