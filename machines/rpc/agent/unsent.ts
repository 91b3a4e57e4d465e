import { TorchError } from '../../engine/torch-error.ts';
import type { Agent, WorkerContext } from '../context.ts';

/** A request that was not sent, and what it left behind in the agent. */
export class UnsentError extends TorchError {
  readonly agent: Agent;

  constructor({ message, type }: TorchError, agent: Agent) {
    super(type, message);
    this.name = 'UnsentError';
    this.agent = agent;
  }
}

/** The worker after something that raised: nothing of it was done but what a request left in the agent. */
export function afterRaising(context: WorkerContext, thrown: TorchError): WorkerContext {
  return thrown instanceof UnsentError ? { ...context, agent: thrown.agent } : context;
}
