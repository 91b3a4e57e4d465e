/**
 * The gradients that a worker sent to its peers. Whoever waits for them takes them off the list of the
 * context; one that fails also fails the pass that the context then has, even a later one.
 *
 * @see PyTorch, `torch/csrc/distributed/autograd/context/context.cpp`.
 */
import type {
  AutogradContainer,
  AutogradContext,
  Done,
  OutstandingRpc,
  RpcWait,
} from './container.ts';
import type { AutogradEffect, Waiter } from './effects.ts';
import type { Pass } from './pass.ts';
import { contextOf, putContextOf } from './pass.ts';

/** A gradient that was sent, and the pass that sent it. */
export interface PassRpc {
  readonly pass: Pass;
  /** The worker's name for the call. */
  readonly rpc: string;
}

/** Puts a gradient that was sent on the list. */
export function addOutstandingRpc(container: AutogradContainer, { pass, rpc }: PassRpc): Done {
  return change(container, {
    alter: (context) => ({
      ...context,
      outstandingRpcs: [...context.outstandingRpcs, { rpc, state: { type: 'pending' } }],
    }),
    pass,
  });
}

/** The peer answered: who waited for this one last goes on. */
export function outstandingRpcCompleted(container: AutogradContainer, done: PassRpc): Done {
  const { pass, rpc } = done;
  return change(container, {
    alter: (context) => answered(context, { rpc, state: { type: 'completed' } }),
    pass,
  });
}

/** A gradient whose peer refused it, or did not answer, and which pass that makes fail. */
export interface FailedPassRpc extends PassRpc {
  readonly message: string;
  /** PyTorch asks the context for its pass, which may be a later one. */
  readonly poisons?: 'its own pass' | 'the current pass';
}

/** The peer refused, or did not answer: who waited goes on with the error, and a pass that runs fails. */
export function outstandingRpcFailed(
  container: AutogradContainer,
  { message, pass, poisons = 'the current pass', rpc }: FailedPassRpc,
): Done {
  const running = contextOf(container, pass)?.graphTask;
  // Where passes have names, the error of one is none of another.
  const isOwn = poisons === 'its own pass' || container.mode !== 'fast';
  const graphTask = isOwn && running !== pass.graphTask ? undefined : running;
  const poisoned: readonly AutogradEffect[] =
    graphTask === undefined ? [] : [{ graphTask, message, type: 'graph-task.poisoned' }];
  const after = change(container, {
    alter: (context) => answered(context, { rpc, state: { message, type: 'failed' } }),
    pass,
  });
  return { container: after.container, effects: [...poisoned, ...after.effects] };
}

/**
 * Lets `waiter` know once all gradients on the list came through, or the first failed; the list is empty
 * from now on.
 *
 * @see PyTorch, `context.cpp`, `clearAndWaitForOutstandingRpcsAsync`.
 */
export function awaitOutstandingRpcs(
  container: AutogradContainer,
  { pass, waiter }: { readonly pass: Pass; readonly waiter: Waiter },
): Done {
  if (contextOf(container, pass) === undefined) {
    return { container, effects: [{ type: 'outstanding-rpcs.settled', waiter }] };
  }
  return change(container, {
    alter: (context) => ({
      ...context,
      outstandingRpcs: [],
      rpcWaits: [...context.rpcWaits, { rpcs: context.outstandingRpcs, waiter }],
    }),
    pass,
  });
}

interface Change {
  readonly alter: (context: AutogradContext) => AutogradContext;
  readonly pass: Pass;
}

/** Alters the context of the pass, if it is there, and lets go on who has nothing to wait for any more. */
function change(container: AutogradContainer, { alter, pass }: Change): Done {
  const context = contextOf(container, pass);
  if (context === undefined) return { container, effects: [] };
  const altered = alter(context);
  const settled = altered.rpcWaits.flatMap((wait) => settlementOf(wait));
  const rpcWaits = altered.rpcWaits.filter((wait) => settlementOf(wait).length === 0);
  return {
    container: putContextOf(container, pass, { ...altered, rpcWaits }),
    effects: settled,
  };
}

function answered(context: AutogradContext, answer: OutstandingRpc): AutogradContext {
  const { outstandingRpcs, rpcWaits } = context;
  const answerIn = (rpcs: readonly OutstandingRpc[]) =>
    rpcs.map((each) => (each.rpc === answer.rpc ? answer : each));
  return {
    ...context,
    outstandingRpcs: answerIn(outstandingRpcs),
    rpcWaits: rpcWaits.map(({ rpcs, waiter }) => ({ rpcs: answerIn(rpcs), waiter })),
  };
}

function settlementOf({ rpcs, waiter }: RpcWait): readonly AutogradEffect[] {
  for (const { state } of rpcs) {
    if (state.type === 'failed') {
      return [{ message: state.message, type: 'outstanding-rpcs.settled', waiter }];
    }
  }
  const isPending = rpcs.some(({ state }) => state.type === 'pending');
  return isPending ? [] : [{ type: 'outstanding-rpcs.settled', waiter }];
}
