import { torchCheck } from '../../engine/torch-error.ts';
import { finishCreatingOwnerRRef } from '../../rref/forks.ts';
import type { CreationFailure, CreationOutcome } from '../../rref/users.ts';
import { confirmPendingUser } from '../../rref/users.ts';
import type { DecodedResponse } from '../agent/decode-response.ts';
import { decodeResponse } from '../agent/decode-response.ts';
import type { EndedCall } from '../agent/ended-call.ts';
import { errorOf } from '../agent/ended-call.ts';
import type { WorkerContext } from '../context.ts';
import type { CreationEnd } from '../serving/creations.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { applyRRefs } from './rref-effects.ts';

interface EndedCreation extends EndedCall {
  readonly continuation: CreationEnd;
}

/** How the call ended, and what that made of the reference. */
export interface Creation {
  readonly outcome: CreationOutcome;
  readonly step: Step;
}

/** The call that creates a reference has ended: its user is confirmed, or its owner knows that it failed. */
export function confirmCreation(
  context: WorkerContext,
  { continuation, ...ended }: EndedCreation,
): Creation {
  const { outcome, step } = creationOutcome(context, ended);
  return { outcome, step: andThen(step, (now) => confirm(now, { continuation, outcome })) };
}

/** How the call ended that creates a reference. */
function creationOutcome(context: WorkerContext, ended: EndedCall): Creation {
  const error = errorOf(ended);
  if (error !== undefined || ended.result.type === 'failed') {
    const message = error ?? '';
    return {
      outcome: { type: 'failed', cause: causeOf(message), message },
      step: stepOf(context),
    };
  }
  const { message } = ended.result;
  const { body, step }: DecodedResponse = decodeResponse(context, { call: ended.call, message });
  torchCheck(
    body.type === 'REMOTE_RET',
    `Response type ${body.type} is no return of a remote call.`,
  );
  return { outcome: { type: 'created', forkId: body.forkId }, step };
}

function confirm(
  context: WorkerContext,
  {
    continuation,
    outcome,
  }: { readonly continuation: CreationEnd; readonly outcome: CreationOutcome },
): Step {
  const { rrefs } = context;
  return applyRRefs(
    context,
    continuation.type === 'user-rref-confirmed'
      ? confirmPendingUser(rrefs, { forkId: continuation.forkId, outcome })
      : finishCreatingOwnerRRef(rrefs, { outcome, rrefId: continuation.rrefId }),
  );
}

/**
 * The class of an error is read out of its text, wherever the mark stands in it.
 *
 * @see PyTorch, `torch/csrc/distributed/rpc/utils.cpp`, `getRPCErrorType`.
 */
function causeOf(message: string): CreationFailure {
  const code = /RPCErr:(\d+):/.exec(message)?.[1];
  if (code === '1') return 'TIMEOUT';
  return code === '2' ? 'INTENTIONAL' : 'UNKNOWN';
}
