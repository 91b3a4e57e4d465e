/**
 * Which backend an agent is of.
 *
 * @see PyTorch, `torch/distributed/rpc/backend_registry.py`; `torch/distributed/rpc/__init__.py`, `init_rpc`.
 */
import type { Program } from '../../src/index.ts';
import { named, perform } from '../../src/index.ts';
import { runtimeError, typeError } from '../errors.ts';
import { globals } from '../globals.ts';
import type { Backend, BackendOptions } from './options.ts';
import {
  BackendType,
  backendOf,
  faultyTensorPipeRpcBackendOptions,
  optionClasses,
  tensorPipeRpcBackendOptions,
} from './options.ts';

/** What a process knows of a backend that user code brought: both are functions by their names. */
export interface RegisteredBackend {
  readonly constructOptions: string;
  readonly init: string;
}

/** The functions of a backend of the user's own; both are to be registered. */
export interface BackendHandlers {
  readonly constructOptions: () => Program<BackendOptions> | BackendOptions;
  /** Makes the agent. */
  readonly init: (start: BackendStart) => unknown;
}

/** What a backend is started with. */
export interface BackendStart {
  readonly name: string;
  readonly options: BackendOptions;
  readonly rank: number;
  readonly worldSize: number | undefined;
}

const prefix = 'torch.distributed.rpc.backend_registry.';

/** A backend of the user's own: `initRpc` calls its function in place of all else. */
export function* registerBackend(name: string, handlers: BackendHandlers): Program<Backend> {
  const known = yield* globals.get<RegisteredBackend>(`${prefix}${name}`);
  if (known !== undefined || Object.hasOwn(optionClasses, name)) {
    throw runtimeError(`RPC backend ${name}: already registered`);
  }
  const registered: RegisteredBackend = {
    constructOptions: yield* named(handlers.constructOptions),
    init: yield* named(handlers.init),
  };
  yield* globals.set(`${prefix}${name}`, registered);
  return backendOf(name);
}

/** What an agent is to be made of. */
export interface Chosen {
  readonly options: BackendOptions;
  /** Absent for those that every process knows. */
  readonly registered?: RegisteredBackend;
}

/** The backend and its options, of what is given of both. */
export function* chooseBackend(given: {
  readonly backend: unknown;
  readonly options: unknown;
}): Program<Chosen> {
  const { backend: wanted, options } = given;
  if (wanted !== undefined && !isBackend(wanted)) {
    throw typeError('Argument backend must be a member of BackendType');
  }
  if (options !== undefined && !isOptions(options)) {
    throw typeError('Argument rpc_backend_options must be an instance of RpcBackendOptions');
  }
  const backend = wanted ?? (yield* backendFor(options));
  const registered = yield* globals.get<RegisteredBackend>(`${prefix}${backend.name}`);
  if (registered !== undefined) {
    return { options: options ?? (yield* optionsOf(registered)), registered };
  }
  const chosen = options ?? defaultsOf(backend);
  const optionsClass = optionClasses[backend.name] ?? '';
  if (chosen.class !== optionsClass) {
    throw typeError(`\`rpc_backend_options\` must be a \`${optionsClass}\`. ${textOf(chosen)}`);
  }
  return { options: chosen };
}

/** The backend whose default options are of the same class. */
function* backendFor(options: BackendOptions | undefined): Program<Backend> {
  if (options === undefined) return BackendType.TENSORPIPE;
  const known = Object.entries(optionClasses).find(([, name]) => name === options.class);
  if (known !== undefined) return backendOf(known[0]);
  for (const [key, registered] of yield* globals.entries<RegisteredBackend>(prefix)) {
    const { class: optionsClass } = yield* optionsOf(registered);
    if (optionsClass === options.class) return backendOf(key.slice(prefix.length));
  }
  throw typeError(`Could not infer backend for options ${textOf(options)}`);
}

function* optionsOf({ constructOptions: fn }: RegisteredBackend): Program<BackendOptions> {
  return yield* perform<BackendOptions>({ type: 'program.call', args: [], fn });
}

/** Starts a backend of the user's own. */
export function* startRegistered(
  { init: fn }: RegisteredBackend,
  start: BackendStart,
): Program<void> {
  yield* perform<unknown>({ type: 'program.call', args: [start], fn });
}

function defaultsOf({ name }: Backend): BackendOptions {
  return name === BackendType.FAULTY_TENSORPIPE.name
    ? faultyTensorPipeRpcBackendOptions()
    : tensorPipeRpcBackendOptions();
}

function isBackend(value: unknown): value is Backend {
  return isRecord(value) && value['type'] === 'rpc.backend';
}

function isOptions(value: unknown): value is BackendOptions {
  return isRecord(value) && value['type'] === 'rpc.backend-options';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function textOf({ class: name }: BackendOptions): string {
  return `<${name} object>`;
}
