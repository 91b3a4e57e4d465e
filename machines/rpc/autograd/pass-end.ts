import { invariant } from '../../../src/core/errors.ts';
import { getIn, setIn } from '../../../src/core/persistent-map.ts';
import type { RunningPass, WorkerContext } from '../context.ts';
import type { Step } from '../step.ts';
import { queueWork, stepOf } from '../step.ts';

/** The pass of a graph task that runs. */
export function passOf(context: WorkerContext, graphTask: string): RunningPass {
  const found = getIn(context.passes, graphTask);
  invariant(
    found !== undefined,
    'rpc/no-pass',
    `${context.name} has no backward pass "${graphTask}".`,
  );
  return found;
}

/** The worker with the pass as it is now. */
export function putPass(context: WorkerContext, pass: RunningPass): WorkerContext {
  return { ...context, passes: setIn(context.passes, pass.pass.graphTask, pass) };
}

/** A pass came to its end, well or with an error; its clean-up follows. */
export function settlePass(
  context: WorkerContext,
  { graphTask, message }: { readonly graphTask: string; readonly message: string | undefined },
): Step {
  const pass = getIn(context.passes, graphTask);
  // Once a pass has failed nobody waits for its gradients any more.
  if (pass === undefined || pass.message !== undefined) return stepOf(context);
  const settled = message === undefined ? pass : { ...pass, message };
  return queueWork({ type: 'pass.ended', graphTask: pass.pass.graphTask })(
    putPass(context, settled),
  );
}
