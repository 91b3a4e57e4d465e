/**
 * Calls of built-in operators: they run within their request, and what they raise is the result of it.
 *
 * @see PyTorch, `request_callback_no_python.cpp`, `processScriptCall`, `runJitOperator`.
 */
import type { Tensor } from '../engine/graph.ts';
import { isOperatorName } from '../engine/operators.ts';
import { record } from '../engine/record.ts';
import { torchCheck } from '../engine/torch-error.ts';
import type { WorkerContext } from './context.ts';
import { failureOf, runtimeError } from './failure.ts';
import type { FunctionCallBody } from './messages.ts';
import { recordOps } from './profiling.ts';
import { operatorAt } from './schemas.ts';
import { settleRequest } from './settle-request.ts';
import type { Step } from './step.ts';
import { queueWork } from './step.ts';
import type { ThreadResult } from './thread.ts';
import { putThread, threadOf } from './thread.ts';

/** An operator and what it is applied to. */
export interface OperatorCall {
  readonly args: readonly unknown[];
  readonly body: FunctionCallBody;
  readonly thread: string;
}

/** Applies the operator; its result is answered, or becomes the value of an OwnerRRef. */
export function runOperator(
  context: WorkerContext,
  { args, body, thread: name }: OperatorCall,
): Step {
  const { args: _, ...thread } = threadOf(context, name);
  const { frame, result } = apply(thread.frame, { args, fn: body.pickle.fn });
  const ran = putThread(context, { ...thread, frame, result });
  const after = recordOps(ran, { ops: [operatorAt(body.pickle.fn)], thread: name });
  return body.type === 'SCRIPT_REMOTE_CALL'
    ? queueWork({ type: 'remote-call.ran', thread: name })(after)
    : settleRequest(after, { outcome: result, thread: name });
}

type Frame = Parameters<typeof record>[0]['frame'];

interface Applied {
  readonly frame: Frame;
  readonly result: Exclude<ThreadResult, { readonly type: 'future' }>;
}

function apply(
  frame: Frame,
  { args, fn }: { readonly args: readonly unknown[]; readonly fn: string },
): Applied {
  const op = operatorAt(fn);
  try {
    torchCheck(isOperatorName(op), `attempted to get undefined function ${fn}`);
    // cast -- the caller matched the arguments with the schema
    const operands = args as readonly (Tensor | number)[];
    const made = record({ args: operands, frame, op });
    return { frame: made.frame, result: { type: 'returned', value: made.value } };
  } catch (thrown) {
    const { message } = failureOf(thrown);
    return { frame, result: { type: 'threw', error: runtimeError(message) } };
  }
}
