/** A backward pass on the thread that asks for it: turn by turn, with user code called in between. */
import type { Frame } from '../machines/engine/frame.ts';
import type { Gradient, Tensor } from '../machines/engine/graph.ts';
import type { LocalRequest } from '../machines/engine/local-pass.ts';
import type { EngineTurn } from '../machines/rpc/autograd/engine-requests.ts';
import type { Program } from '../src/index.ts';
import { checkpoint, perform } from '../src/index.ts';
import { ask, withGradMode } from './ask.ts';

/** The name under which workers know `runBackward`. */
export const runBackwardName = 'torch._C._EngineBase.run_backward';

/** A pass that is to run, or that runs. */
export interface BackwardState {
  readonly request: LocalRequest;
  readonly turn?: EngineTurn;
}

// One function remembers some 2,000 answers; a pass begins anew long before.
const turnsMax = 512;

/** Runs a pass; its gradients, where some were asked for. */
export function* runPass(request: LocalRequest): Program<readonly (Tensor | undefined)[]> {
  const state: BackwardState = { request };
  const grads = yield* perform<readonly Gradient[]>({
    type: 'program.call',
    args: [state],
    fn: runBackwardName,
  });
  return grads.map((grad) => (grad.type === 'tensor' ? grad : undefined));
}

/** Begins a pass, or goes on with one. */
export function* runBackward({ request, turn }: BackwardState): Program<readonly Gradient[]> {
  let now = turn ?? (yield* begin(request));
  for (let turns = 0; now.type !== 'ended'; turns += 1) {
    if (turns === turnsMax) return yield* checkpoint({ request, turn: now });
    const answer = now.type === 'asks' ? yield* callUser(now, request) : undefined;
    const { pass } = now;
    now = yield* ask<EngineTurn>({ type: 'engine.turn', answer, pass, ...(yield* frame(request)) });
    if (now.frame !== undefined) yield* perform({ type: 'torch.set-recording', frame: now.frame });
  }
  return now.grads;
}

function* begin(request: LocalRequest): Program<EngineTurn> {
  return yield* ask<EngineTurn>({
    type: 'engine.begin',
    pass: request,
    ...(yield* frame(request)),
  });
}

/** Where recording stands, for passes that record. */
function* frame({ createGraph }: LocalRequest): Program<{ readonly frame?: Frame }> {
  return createGraph === true ? { frame: yield* perform<Frame>({ type: 'torch.frame' }) } : {};
}

/** Hooks record what they do only where the pass does. */
function* callUser(
  { call, pass }: Extract<EngineTurn, { type: 'asks' }>,
  { createGraph = false }: LocalRequest,
): Program<unknown> {
  try {
    return yield* withGradMode(createGraph, () =>
      perform<unknown>({ type: 'program.call', args: call.args, fn: call.fn }),
    );
  } catch (error) {
    yield* ask<undefined>({ type: 'engine.abandon', pass });
    throw error;
  }
}
