import type { Tensor } from '../../engine/graph.ts';
import type { WorkerContext } from '../context.ts';
import type { WorkerEffect } from '../step.ts';
import type { Request, Response, ResponseBody } from './messages.ts';
import type { PipeReset } from './pipes.ts';

interface Reply {
  readonly body: ResponseBody;
  readonly request: Request;
  readonly tensors?: readonly Tensor[];
}

/** An answer, meant for the process that asked and not for the one after a crash. */
export function reply(
  { id: from }: WorkerContext,
  { body, request, tensors = [] }: Reply,
): WorkerEffect {
  const { fromLife, id } = request;
  const toLife = fromLife === undefined ? {} : { toLife: fromLife };
  return sendBack(request, { ...body, from, id, ...toLife, tensors });
}

/** Goes to whoever asked, who may have another id by now in a group that was joined. */
export function sendBack(
  { from: to, replyTo: address }: Request,
  message: PipeReset | Response,
): WorkerEffect {
  const at = address === undefined ? {} : { address };
  return { type: 'message.sent', ...at, delayMs: 0, message, to };
}
