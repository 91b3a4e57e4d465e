/**
 * Gradients between workers: those that come for a send function, and those that a pass here sends away.
 *
 * @see PyTorch, `request_callback_no_python.cpp`, `processBackwardAutogradReq`; `recvrpc_backward.cpp`.
 */
import { hasIn } from '../../../src/core/persistent-map.ts';
import { receiveGradients, smartPassOf, supersededBy } from '../../autograd/backward.ts';
import { peerId } from '../../autograd/ids.ts';
import {
  addOutstandingRpc,
  outstandingRpcCompleted,
  outstandingRpcFailed,
} from '../../autograd/outstanding-rpcs.ts';
import type { Pass } from '../../autograd/pass.ts';
import { contextOf } from '../../autograd/pass.ts';
import type { GraphTaskMessage } from '../../engine/graph-task-messages.ts';
import { isOn } from '../../switches/switches.ts';
import { callKey } from '../agent/call.ts';
import type { BackwardAutogradReq } from '../agent/messages.ts';
import { send } from '../agent/send.ts';
import type { WorkerContext } from '../context.ts';
import { requestOf, respond } from '../serving/respond.ts';
import type { Step } from '../step.ts';
import { andThen, chain, stepOf } from '../step.ts';
import { leavePoolOf } from '../threads/request-end.ts';
import { applyAutograd } from './autograd-effects.ts';
import { giveUpPass, startPassOn } from './passes.ts';

/**
 * Gradients came: the first of a pass begin it, and are answered when it is over; later ones join it and are
 * answered at once.
 *
 * @throws {TorchError} if there is no such context or send function.
 */
export function receiveGradientMessage(
  context: WorkerContext,
  { body, thread }: { readonly body: BackwardAutogradReq; readonly thread: string },
): Step {
  const superseded = supersededBy(context.autograd, body);
  if (superseded === undefined) return takeGradients(context, { body, thread });
  const { graphTask } = superseded;
  const message = 'A later backward pass on the same autograd context has begun';
  return andThen(giveUpPass(context, { graphTask, message }), (now) =>
    takeGradients(now, { body, thread }),
  );
}

function takeGradients(
  context: WorkerContext,
  { body, thread }: { readonly body: BackwardAutogradReq; readonly thread: string },
): Step {
  const { tensors: grads } = requestOf(context, thread);
  const reception = receiveGradients(context.autograd, { ...body, grads });
  if (reception.type === 'first') {
    const started = startPassOn(context, { started: reception, thread });
    return isOn(context.switches, 'de.blockingGradientHandler')
      ? started
      : andThen(started, (now) => leavePoolOf(now, thread));
  }
  const { graphTask } = reception.pass;
  return chain(
    context,
    (now) => applyAutograd(now, reception),
    (now) =>
      stepOf(now, {
        type: 'graph-task.told',
        event: { type: 'loop.started', ...reception.start },
        graphTask,
      }),
    (now) => respond(now, { body: { type: 'BACKWARD_AUTOGRAD_RESP' }, thread }),
  );
}

/** A recv function ran: its gradients go to where the tensors came from. */
export type SentGradient = Extract<GraphTaskMessage, { readonly type: 'gradient.sent' }>;

/** Sends gradients; the pass is not over before they are answered. */
export function sendGradient(context: WorkerContext, sent: SentGradient): Step {
  const { autogradMessageId, contextId, deviceMap, grads, graphTask, retainGraph, toWorker } = sent;
  // A pass that was ended from outside has nothing more to say.
  if (!hasIn(context.passes, graphTask)) return stepOf(context);
  const pass = { contextId, graphTask };
  const smart = smartPassOf(context.autograd, pass);
  const named = smart === undefined ? {} : { pass: smart };
  const rpc = callKey(context.agent.nextMessageId);
  return chain(
    context,
    (now) =>
      send(now, {
        body: {
          type: 'BACKWARD_AUTOGRAD_REQ',
          autogradMessageId,
          contextId,
          ...named,
          retainGraph,
        },
        deviceMap,
        tensors: grads.flatMap((grad) => (grad.type === 'tensor' ? [grad] : [])),
        continuation: { type: 'gradient-settled', pass },
        to: peerId(toWorker),
      }),
    (now) => applyAutograd(now, addOutstandingRpc(now.autograd, { pass, rpc })),
  );
}

/** The peer answered, or did not. */
export interface SettledGradient {
  readonly call: number;
  readonly error: string | undefined;
  readonly pass: Pass;
}

/** What becomes of the pass that sent gradients, once they are answered. */
export function settleGradient(
  context: WorkerContext,
  { call, error: message, pass }: SettledGradient,
): Step {
  const { autograd, switches } = context;
  const rpc = callKey(call);
  const isFreed = contextOf(autograd, pass) === undefined;
  if (isFreed && isOn(switches, 'da.rawContextInCallback')) {
    const text = 'The callback of a gradient used its autograd context after that was freed.';
    const thrown = { type: 'callback.threw', call, message: text } as const;
    return stepOf(context, { type: 'announced', announcement: thrown });
  }
  if (message === undefined) {
    return applyAutograd(context, outstandingRpcCompleted(autograd, { pass, rpc }));
  }
  const poisons = isOn(switches, 'de.errorToCurrentTask') ? 'the current pass' : 'its own pass';
  return applyAutograd(context, outstandingRpcFailed(autograd, { message, pass, poisons, rpc }));
}
