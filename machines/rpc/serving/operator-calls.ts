/**
 * Calls of built-in operators: they run within their request, and what they raise is the result of it.
 *
 * @see PyTorch, `request_callback_no_python.cpp`, `processScriptCall`, `runJitOperator`.
 */
import type { Tensor } from '../../engine/graph.ts';
import type { Attributes } from '../../engine/operator.ts';
import { isOperatorName } from '../../engine/operators.ts';
import { record } from '../../engine/record.ts';
import { isTensor } from '../../engine/tensor.ts';
import { torchCheck } from '../../engine/torch-error.ts';
import type { FunctionCallBody } from '../agent/messages.ts';
import type { WorkerContext } from '../context.ts';
import { launchFor } from '../devices/cuda-requests.ts';
import { recordOps } from '../profiling/profiling.ts';
import type { Step } from '../step.ts';
import { queueWork } from '../step.ts';
import type { ThreadResult } from '../threads/thread.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import { failureOf, runtimeError } from '../user/failure.ts';
import { splitArguments } from './keyword-schemas.ts';
import { operatorAt } from './schemas.ts';
import { settleRequest } from './settle-request.ts';

/** An operator and what it is applied to. */
export interface OperatorCall {
  readonly args: readonly unknown[];
  readonly body: FunctionCallBody;
  readonly thread: string;
}

/** Applies the operator; its result is answered, or becomes the value of an OwnerRRef. */
export function runOperator(
  before: WorkerContext,
  { args, body, thread: name }: OperatorCall,
): Step {
  const { args: _, ...thread } = threadOf(before, name);
  const { frame, result: made } = apply(thread.frame, { args, fn: body.pickle.fn });
  const { context, result } = launched(before, { args, body, result: made, thread: name });
  const ran = putThread(context, { ...thread, frame, result });
  const after = recordOps(ran, { ops: [operatorAt(body.pickle.fn)], thread: name });
  return body.type === 'SCRIPT_REMOTE_CALL'
    ? queueWork({ type: 'remote-call.ran', thread: name })(after)
    : settleRequest(after, { outcome: result, thread: name });
}

interface FinishedCall extends OperatorCall {
  readonly result: Applied['result'];
}

/** On devices, the operator is an operation of its thread's stream. */
function launched(
  context: WorkerContext,
  { args, body, result, thread }: FinishedCall,
): { readonly context: WorkerContext; readonly result: Applied['result'] } {
  if (context.devices === undefined || result.type === 'threw') return { context, result };
  // cast -- an operator gives a tensor
  const { ready: _, ...value } = result.value as Tensor;
  const by = operatorAt(body.pickle.fn);
  const reads = args.filter(isTensor);
  const { context: after, stamp } = launchFor(context, { by, reads, thread, to: value.device });
  return {
    context: after,
    result: { type: 'returned', value: stamp === undefined ? value : { ...value, ready: stamp } },
  };
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
    const { attributes, operands } = splitArguments(args) as {
      readonly attributes: Attributes;
      readonly operands: readonly (Tensor | number)[];
    };
    const made = record({ args: operands, attributes, frame, op });
    return { frame: made.frame, result: { type: 'returned', value: made.value } };
  } catch (thrown) {
    const { message } = failureOf(thrown);
    return { frame, result: { type: 'threw', error: runtimeError(message) } };
  }
}
