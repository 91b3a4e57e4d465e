/**
 * A backward pass at one go, by the turns that a worker takes one after the other (`torch.backward`,
 * `torch.autograd.grad`), for tests that need no worker.
 */
import { accumulate } from '../../../machines/engine/accumulate.ts';
import type { Frame } from '../../../machines/engine/frame.ts';
import type { EngineFact } from '../../../machines/engine/graph-task-state.ts';
import type { Gradient, Tensor } from '../../../machines/engine/graph.ts';
import type { LocalRequest, LocalTurn, Surroundings } from '../../../machines/engine/local-pass.ts';
import { beginPass, releasedAfter, turnPass } from '../../../machines/engine/local-pass.ts';
import type { Versions } from '../../../machines/engine/versions.ts';
import { SimulationError } from '../../../src/core/errors.ts';
import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import { emptyMap } from '../../../src/core/persistent-map.ts';

/** What both kinds of local backward take. */
export interface LocalOptions extends Pick<
  LocalRequest,
  'createGraph' | 'gradients' | 'keepGraph'
> {
  readonly anomalyMode?: boolean;
  /** Where recording stands, for `createGraph`. */
  readonly frame?: Frame;
  /** The nodes whose saved tensors are gone already. */
  readonly released?: PersistentMap<true>;
  readonly versions?: Versions;
}

/** What a local backward gives. */
export interface LocalGradients {
  /** Where recording stands afterwards, if the pass recorded. */
  readonly frame?: Frame;
  /** By the name of the leaf. */
  readonly gradients: PersistentMap<Gradient>;
  readonly released: PersistentMap<true>;
}

/**
 * The gradients of `roots` by every leaf behind them.
 *
 * @throws {TorchError} what PyTorch raises.
 */
export function backwardLocally(
  roots: readonly Tensor[],
  options: LocalOptions = {},
): LocalGradients {
  const { frame, ...run } = execute({ ...options, roots }, options);
  let gradients = emptyMap<Gradient>();
  for (const fact of run.facts) {
    if (fact.type === 'gradient.captured') gradients = accumulate(gradients, fact);
  }
  return { gradients, released: run.released, ...(frame === undefined ? {} : { frame }) };
}

/** What `gradLocally` takes. */
export interface GradOptions extends LocalOptions {
  /** Whether an input may lie behind no output; its gradient is then undefined. */
  readonly allowUnused?: boolean;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** What `gradLocally` gives. */
export interface LocalGrads {
  readonly frame?: Frame;
  /** One for each input. */
  readonly grads: readonly Gradient[];
  readonly released: PersistentMap<true>;
}

/**
 * The gradients of `outputs` by `inputs`, which need not be leaves.
 *
 * @throws {TorchError} what PyTorch raises.
 */
export function gradLocally({ outputs: roots, ...options }: GradOptions): LocalGrads {
  const { facts: _, ...grads } = execute({ ...options, roots }, options);
  return grads;
}

interface Run extends LocalGrads {
  readonly facts: readonly EngineFact[];
}

function execute(request: LocalRequest, options: LocalOptions): Run {
  let released = options.released ?? emptyMap<true>();
  let pass = beginPass(request, options);
  const facts: EngineFact[] = [];
  for (;;) {
    const around: Surroundings = { ...options, ...frameOf(pass.task.recording), released };
    const turn: LocalTurn = turnPass(pass, around);
    ({ pass } = turn);
    facts.push(...turn.facts);
    released = releasedAfter(released, turn.facts);
    if (turn.type === 'ended') {
      return { facts, grads: turn.grads, released, ...frameOf(pass.task.recording) };
    }
    if (turn.type === 'failed') throw turn.error;
    if (turn.type === 'asks') throw unsupported(turn.call.fn);
  }
}

function frameOf(frame: Frame | undefined): { readonly frame?: Frame } {
  return frame === undefined ? {} : { frame };
}

function unsupported(fn: string): SimulationError {
  return new SimulationError(
    'engine/unsupported',
    `A pass as a plain function calls no user code, and was to call "${fn}".`,
  );
}
