/**
 * The interpreter of a process, which one thread uses at a time: user code, pickling and the objects of
 * Python need its lock, the protocol does not. A critical section takes it and gives it back, so only a thread
 * that waits while it holds the lock is ever in the way of others.
 *
 * @see PyTorch, `request_callback_impl.cpp`, `processRpcWithErrors`; `pybind11`, `gil_scoped_acquire`.
 */
import { TorchError } from '../../engine/torch-error.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import type { Step, Work } from '../step.ts';
import { stepOf } from '../step.ts';
import type { Failure } from '../user/failure.ts';

/** Who has the lock, who waits for it, and the error that is set in the interpreter. */
export interface Interpreter {
  readonly error?: Failure;
  /** The thread that waits for something and did not give the lock back. */
  readonly holder?: string;
  readonly waiting: readonly Work[];
}

/** An error of the interpreter, as opposed to one of the framework: it may be of any class. */
export class PythonError extends TorchError {
  constructor({ message, name }: Failure) {
    super(name, message);
    this.name = 'PythonError';
  }
}

/** An interpreter that nobody uses. */
export const idleInterpreter: Interpreter = Object.freeze({ waiting: [] });

/** Whether somebody else has the lock. */
export function isInterpreterTaken(
  { interpreter: { holder } }: WorkerContext,
  thread?: string,
): boolean {
  return holder !== undefined && holder !== thread;
}

/** Does the work when the lock is free again. */
export function awaitInterpreter(context: WorkerContext, work: Work): Step {
  const { interpreter } = context;
  const waiting = [...interpreter.waiting, work];
  return stepOf({ ...context, interpreter: { ...interpreter, waiting } });
}

/** A thread begins to wait: it gives the lock back, unless the switch says that it does not. */
export function waitInterpreted(context: WorkerContext, thread: string): WorkerContext {
  if (!isOn(context.switches, 'lock.gilHeldWhileWaiting')) return context;
  const { interpreter } = context;
  if (interpreter.holder !== undefined) return context;
  return { ...context, interpreter: { ...interpreter, holder: thread } };
}

/** A thread goes on, and will give the lock back at its next wait: who waited for it is next. */
export function leaveInterpreter(context: WorkerContext, thread: string): Step {
  const { holder, waiting, ...interpreter } = context.interpreter;
  if (holder !== thread) return stepOf(context);
  return stepOf(
    { ...context, interpreter: { ...interpreter, waiting: [] } },
    ...waiting.map((work) => ({ type: 'work.queued', work }) as const),
  );
}

/** An error of the interpreter is set, until whoever handles it takes it back. */
export function raiseIn(context: WorkerContext, thrown: TorchError): WorkerContext {
  if (!(thrown instanceof PythonError)) return context;
  const error = { message: thrown.message, name: thrown.type };
  return { ...context, interpreter: { ...context.interpreter, error } };
}

/** Gives the error back to the interpreter and clears it: neither a stale error stays nor its objects. */
export function restoreAndClear(context: WorkerContext): WorkerContext {
  const { error, ...interpreter } = context.interpreter;
  return error === undefined ? context : { ...context, interpreter };
}
