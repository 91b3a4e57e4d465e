/**
 * Send functions that wait for gradients, and why none comes. FAST mode takes every message of a context to
 * have its part in the pass; where the roots do not depend on one, its send function waits for ever.
 */
import type { AutogradContext } from '../../machines/autograd/container.ts';
import { keyOf } from '../../machines/autograd/ids.ts';
import { recvFunctionsFrom } from '../../machines/engine/dependencies.ts';
import type { GraphTaskContext } from '../../machines/engine/graph-task-context.ts';
import type { AutogradContextId, AutogradMessageId } from '../../machines/engine/ids.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import type { World } from '../../src/index.ts';
import { getIn, hasIn, sizeOf, unreachable, valuesOf } from '../../src/index.ts';
import { workersOf } from '../view.ts';

/** A send function without its gradient. */
export interface WaitingSend {
  readonly autogradMessageId: AutogradMessageId;
  readonly contextId: AutogradContextId;
  /** The worker that sent the message, and waits. */
  readonly worker: string;
  readonly workerId: number;
  readonly why: WhyWaiting;
}

/** What has become of the message on the worker that received it. */
export type WhyWaiting =
  /** It recorded nothing: gradients were off, the result was dropped, or it never came. */
  | { readonly type: 'not-recorded' }
  /** No root depends on what was made of it. */
  | { readonly type: 'not-used'; readonly receiver: string }
  /** The roots need it, but what comes before it in backward waits for these messages. */
  | {
      readonly type: 'waits-too';
      readonly behind: readonly AutogradMessageId[];
      readonly receiver: string;
    }
  /** Its gradient left; it is under way or was lost. */
  | { readonly type: 'sent'; readonly receiver: string };

/** The send functions that wait in passes that run, worker by worker in the order of messages. */
export function waitingSends(world: World): readonly WaitingSend[] {
  const workers = workersOf(world);
  const passes = passesIn(world, workers);
  const whyOf = createReasons(passes, workers);
  return passes.flatMap(({ contextId, sends, worker }) =>
    sends.map((autogradMessageId) => ({
      autogradMessageId,
      contextId,
      why: whyOf({ autogradMessageId, contextId }),
      worker: worker.name,
      workerId: worker.id,
    })),
  );
}

/** One that waits, in words. */
export function describeWaiting({
  autogradMessageId,
  contextId,
  why,
  worker,
}: WaitingSend): string {
  return (
    `stuck: send (${contextId}, ${autogradMessageId}) on ${worker} waits for a gradient that cannot ` +
    `come: ${describeWhy(why)}`
  );
}

interface RunningPass {
  readonly context: AutogradContext;
  readonly contextId: AutogradContextId;
  readonly sends: readonly AutogradMessageId[];
  readonly task: GraphTaskContext['task'];
  readonly worker: WorkerContext;
}

/** The passes that lack gradients. */
function passesIn(world: World, workers: readonly WorkerContext[]): readonly RunningPass[] {
  return workers.flatMap((worker) =>
    valuesOf(worker.passes).flatMap(({ pass }): readonly RunningPass[] => {
      const { contextId, graphTask } = pass;
      const actor = getIn(world.actors, `${worker.name}/${graphTask}`);
      const { contexts, heldContexts } = worker.autograd;
      const context = getIn(heldContexts, graphTask) ?? getIn(contexts, keyOf(contextId));
      if (actor === undefined || context === undefined) return [];
      // cast -- what lives at the address of a pass
      const { task } = actor.local['context'] as GraphTaskContext;
      const sends = valuesOf(task.awaited).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      return [{ context, contextId, sends, task, worker }];
    }),
  );
}

type Sent = Pick<WaitingSend, 'autogradMessageId' | 'contextId'>;

/** Why messages wait; each is looked at once, however many were made of it. */
function createReasons(
  passes: readonly RunningPass[],
  workers: readonly WorkerContext[],
): (sent: Sent) => WhyWaiting {
  const known = new Map<string, WhyWaiting>();
  const whyOf = (sent: Sent): WhyWaiting => {
    const name = `${sent.contextId} ${sent.autogradMessageId}`;
    const found = known.get(name);
    if (found !== undefined) return found;
    const pass = passes.find(
      ({ context, contextId }) =>
        contextId === sent.contextId && hasIn(context.recvFunctions, keyOf(sent.autogradMessageId)),
    );
    const why =
      pass === undefined
        ? whyNotBegun(workers, sent, whyOf)
        : whyInPass(pass, sent.autogradMessageId);
    known.set(name, why);
    return why;
  };
  return whyOf;
}

function whyInPass(
  { context, sends, task, worker }: RunningPass,
  autogradMessageId: AutogradMessageId,
): WhyWaiting {
  const receiver = worker.name;
  const recv = getIn(context.recvFunctions, keyOf(autogradMessageId));
  if (recv === undefined || !hasIn(task.execInfo, recv.id)) return { type: 'not-used', receiver };
  if (!hasIn(task.dependencies, recv.id)) return { type: 'sent', receiver };
  const behind = sends.filter((send) => {
    const node = getIn(context.sendFunctions, keyOf(send));
    return node !== undefined && recvFunctionsFrom([node]).some(({ id }) => id === recv.id);
  });
  return behind.length === 0 || sizeOf(task.awaited) === 0
    ? { type: 'sent', receiver }
    : { type: 'waits-too', behind, receiver };
}

/**
 * Where no gradient has come, no pass runs: then it is as with the messages that were made of this one. The roots
 * depend on nothing of it where they depend on none of those.
 */
function whyNotBegun(
  workers: readonly WorkerContext[],
  { autogradMessageId, contextId }: Sent,
  whyOf: (sent: Sent) => WhyWaiting,
): WhyWaiting {
  const key = keyOf(autogradMessageId);
  const held = workers
    .flatMap(({ autograd, name }) =>
      valuesOf(autograd.contexts).map((context) => ({ context, receiver: name })),
    )
    .find(({ context }) => context.contextId === contextId && hasIn(context.recvFunctions, key));
  if (held === undefined) return { type: 'not-recorded' };
  const { context, receiver } = held;
  const recv = getIn(context.recvFunctions, key);
  const behind = valuesOf(context.sendFunctions)
    .filter((send) => recvFunctionsFrom([send]).some(({ id }) => id === recv?.id))
    .map((send) => send.autogradMessageId)
    .filter((made) => {
      const { type } = whyOf({ autogradMessageId: made, contextId });
      return type === 'waits-too' || type === 'sent';
    });
  return behind.length === 0
    ? { type: 'not-used', receiver }
    : { type: 'waits-too', behind, receiver };
}

function describeWhy(why: WhyWaiting): string {
  switch (why.type) {
    case 'not-recorded':
      return 'no worker recorded that it received this message';
    case 'not-used':
      return `the roots depend on nothing that ${why.receiver} made of it`;
    case 'waits-too':
      return `${why.receiver}, which received it, waits for the gradient of ${why.behind.join(', ')} itself`;
    case 'sent':
      return `${why.receiver} has nothing to wait for any more, so its gradient was lost`;
    default:
      return unreachable(why);
  }
}
