/**
 * The round that finds the messages of a backward pass before it runs: a question goes to the sender of each
 * message that the roots can reach, the sender goes on from its send function, and answers once all that
 * it asked in turn is answered. Each message is asked about once, so questions and answers are at most
 * twice as many as the messages in use.
 *
 * @see Dijkstra and Scholten, "Termination detection for diffusing computations", 1980: here each question
 * has a parent of its own, hence the deficit of a parent counts the questions that it asked.
 */
import {
  deleteIn,
  emptyMap,
  entriesOf,
  getIn,
  hasIn,
  keysOf,
  setIn,
} from '../../src/core/persistent-map.ts';
import { recvFunctionsFrom } from '../engine/dependencies.ts';
import type { AutogradNode, Lineage } from '../engine/graph.ts';
import type { AutogradContextId, AutogradMessageId, PassId } from '../engine/ids.ts';
import { passId as passIdOf } from '../engine/ids.ts';
import { torchCheck } from '../engine/torch-error.ts';
import type {
  AutogradContainer,
  AutogradContext,
  Discovery,
  Done,
  SmartPass,
} from './container.ts';
import { findContext, putContext, retrieveContext } from './container.ts';
import type { AutogradEffect, Waiter } from './effects.ts';
import { idInKey, keyOf, makerOf } from './ids.ts';
import { checkNotOver, passesOf, withPassOver, workersIn } from './smart-passes.ts';

/** A pass of a context. */
export interface NamedPass {
  readonly contextId: AutogradContextId;
  readonly passId: PassId;
}

/** A pass of a context that has failed, and why. */
export interface FailedPass extends NamedPass {
  readonly message: string;
}

/** Asks whoever sent what the nodes can reach; `waiter` hears of it when all have answered. */
export interface Inquiry {
  readonly context: AutogradContext;
  readonly discovery: Discovery;
  readonly passId: PassId;
  readonly starts: readonly AutogradNode[];
  readonly waiter: Waiter;
}

/** A discovery that knows nothing yet. */
export const newDiscovery: Discovery = Object.freeze({
  asked: emptyMap<true>(),
  marks: emptyMap<true>(),
  open: emptyMap<number>(),
});

/** Asks about the messages that were not asked about before; with none, the waiter is told at once. */
export function inquire(container: AutogradContainer, inquiry: Inquiry): Done {
  const { context, discovery, passId, starts, waiter } = inquiry;
  const { contextId } = context;
  const found = recvFunctionsFrom(starts)
    .map(({ autogradMessageId }) => autogradMessageId)
    .filter((id) => !hasIn(discovery.asked, keyOf(id)));
  const asked = found.reduce<Lineage>((all, id) => setIn(all, keyOf(id), true), discovery.asked);
  if (found.length === 0) {
    return {
      container: putDiscovery(container, { context, discovery, passId }),
      effects: [{ type: 'discovery.settled', contextId, passId, waiter }],
    };
  }
  const open = setIn(discovery.open, waiter, found.length);
  return {
    container: putDiscovery(container, {
      context,
      discovery: { ...discovery, asked, open },
      passId,
    }),
    effects: found.map((autogradMessageId) => ({
      type: 'discover.sent',
      autogradMessageId,
      contextId,
      passId,
      to: makerOf(autogradMessageId),
      waiter,
    })),
  };
}

/** A question about a message that this worker sent. */
export interface Question extends NamedPass {
  readonly autogradMessageId: AutogradMessageId;
  readonly waiter: Waiter;
}

/**
 * Marks the send function of a message, and asks on from it.
 *
 * @throws {TorchError} if there is no such context or send function, or the pass is over.
 */
export function discover(container: AutogradContainer, question: Question): Done {
  const { autogradMessageId, contextId, passId, waiter } = question;
  const context = retrieveContext(container, contextId);
  checkNotOver(context, passId);
  const send = getIn(context.sendFunctions, keyOf(autogradMessageId));
  torchCheck(
    send !== undefined,
    `Could not find send function for autograd message id: ${autogradMessageId}`,
  );
  const known = getIn(passesOf(context).discoveries, keyOf(passId)) ?? newDiscovery;
  const discovery = {
    ...known,
    marks: setIn(known.marks, keyOf(autogradMessageId), true as const),
  };
  return inquire(container, { context, discovery, passId, starts: [send], waiter });
}

/** An answer, or why there is none. */
export interface Answered extends NamedPass {
  readonly message: string | undefined;
  readonly waiter: Waiter;
}

/** A question is answered: the waiter goes on with the last answer, or with the first error. */
export function answerQuestion(container: AutogradContainer, answered: Answered): Done {
  const { contextId, message, passId, waiter } = answered;
  const context = findContext(container, contextId);
  const discovery = context && getIn(passesOf(context).discoveries, keyOf(passId));
  const left = discovery && getIn(discovery.open, waiter);
  if (context === undefined || discovery === undefined || left === undefined) {
    return { container, effects: [] };
  }
  const isSettled = message !== undefined || left === 1;
  const open = isSettled
    ? deleteIn(discovery.open, waiter)
    : setIn(discovery.open, waiter, left - 1);
  const settled: AutogradEffect = {
    type: 'discovery.settled',
    contextId,
    ...(message === undefined ? {} : { message }),
    passId,
    waiter,
  };
  return {
    container: putDiscovery(container, { context, discovery: { ...discovery, open }, passId }),
    effects: isSettled ? [settled] : [],
  };
}

/**
 * A pass is to end here, whatever it has come to: nothing of it is taken any more, whoever waits for its
 * discovery is told, and so are the workers that were asked.
 */
export function forgetPass(container: AutogradContainer, failed: FailedPass): Done {
  const { contextId, message, passId } = failed;
  const context = findContext(container, contextId);
  if (context === undefined) return { container, effects: [] };
  const { discoveries, running } = passesOf(context);
  const { graphTask } = context;
  if (running?.passId === passId && graphTask !== undefined) {
    return { container, effects: [{ type: 'pass.ended', graphTask, message }] };
  }
  const discovery = getIn(discoveries, keyOf(passId));
  const told = discovery === undefined ? [] : abortsOf(context, { message, passId });
  return {
    container: putContext(container, withPassOver(context, passId)),
    effects: [...waitersOf(failed, discovery), ...told],
  };
}

/** Tells the other workers of a pass that it has failed. */
export function abortsOf(
  context: AutogradContext,
  pass: SmartPass & { readonly message: string },
): readonly AutogradEffect[] {
  const { contextId } = context;
  const { message, passId } = pass;
  return workersIn(context, pass).map((to) => ({
    type: 'abort.sent',
    contextId,
    message,
    passId,
    to,
  }));
}

/** Whoever waits for discoveries of a context that is over. */
export function waitersIn(context: AutogradContext): readonly AutogradEffect[] {
  const { contextId } = context;
  const message = `Autograd context ${contextId} was released while backward asked what it needs`;
  return [...entriesOf(passesOf(context).discoveries)].flatMap(([key, discovery]) =>
    waitersOf({ contextId, message, passId: passIdOf(idInKey(key)) }, discovery),
  );
}

function waitersOf(
  { contextId, message, passId }: FailedPass,
  discovery: Discovery | undefined,
): readonly AutogradEffect[] {
  return keysOf(discovery?.open ?? emptyMap()).map((waiter) => ({
    type: 'discovery.settled',
    contextId,
    message,
    passId,
    waiter,
  }));
}

interface Found {
  readonly context: AutogradContext;
  readonly discovery: Discovery;
  readonly passId: PassId;
}

function putDiscovery(
  container: AutogradContainer,
  { context, discovery, passId }: Found,
): AutogradContainer {
  const passes = passesOf(context);
  const discoveries = setIn(passes.discoveries, keyOf(passId), discovery);
  return putContext(container, { ...context, smart: { ...passes, discoveries } });
}
