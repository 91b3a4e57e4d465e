/**
 * Passes by their names: PyTorch's have none, so gradients of a pass that failed are taken for the first of
 * another. Here a pass is named by the worker of its root and that worker's counter, and since a worker
 * runs one pass after the other on a context, an earlier number than the last one seen is over.
 */
import {
  deleteIn,
  emptyMap,
  getIn,
  hasIn,
  keysOf,
  setIn,
  valuesOf,
} from '../../src/core/persistent-map.ts';
import type { SendRpcBackwardNode } from '../engine/graph.ts';
import type { PassId } from '../engine/ids.ts';
import { torchCheck } from '../engine/torch-error.ts';
import type { AutogradContext, SmartPass, SmartPasses } from './container.ts';
import { countOf, idInKey, keyOf, makerOf, peerName } from './ids.ts';

/** What the context knows of passes. */
export function passesOf({ smart }: AutogradContext): SmartPasses {
  return smart ?? { discoveries: emptyMap(), lastNrs: emptyMap() };
}

/** Whether nothing of the pass is taken any more: it is over, or a later one has begun. */
function isOver(context: AutogradContext, passId: PassId): boolean {
  const { lastNrs, running } = passesOf(context);
  const last = getIn(lastNrs, peerName(makerOf(passId)));
  return running?.passId !== passId && last !== undefined && last >= countOf(passId);
}

/**
 * Refuses what comes of a pass that is over.
 *
 * @throws {TorchError} naming the pass.
 */
export function checkNotOver(context: AutogradContext, passId: PassId): void {
  torchCheck(
    !isOver(context, passId),
    `Backward pass ${passId} of autograd context ${context.contextId} is over`,
  );
}

/** The context in which nothing of the pass is taken any more. */
export function withPassOver(context: AutogradContext, passId: PassId): AutogradContext {
  const { discoveries, running, ...passes } = passesOf(context);
  return {
    ...context,
    smart: {
      discoveries: deleteIn(discoveries, keyOf(passId)),
      lastNrs: withLast(passes, passId),
      ...(running === undefined || running.passId === passId ? {} : { running }),
    },
  };
}

/** The context in which the pass runs. */
export function withRunning(context: AutogradContext, running: SmartPass): AutogradContext {
  const passes = passesOf(context);
  const { passId } = running;
  return { ...context, smart: { ...passes, lastNrs: withLast(passes, passId), running } };
}

/**
 * The send functions that take part in a pass, in the order of their table: all of them in FAST mode.
 *
 * @throws {TorchError} if the pass was to be discovered first, and was not.
 */
export function sendsOf(
  context: AutogradContext,
  pass: SmartPass | undefined,
): readonly SendRpcBackwardNode[] {
  const sends = valuesOf(context.sendFunctions);
  if (pass === undefined || pass.usesAll === true) return sends;
  const { passId } = pass;
  const used = pass.used ?? getIn(passesOf(context).discoveries, keyOf(passId))?.marks;
  torchCheck(used !== undefined, `Backward pass ${passId} was not discovered on this worker`);
  return sends.filter(({ autogradMessageId }) => hasIn(used, keyOf(autogradMessageId)));
}

/** The other workers that may hold something of a pass, as far as this one knows. */
export function workersIn(context: AutogradContext, pass: SmartPass): readonly number[] {
  const { passId, used } = pass;
  const known = used ?? getIn(passesOf(context).discoveries, keyOf(passId))?.asked ?? emptyMap();
  const workers = keysOf(known).map((key) => makerOf(idInKey(key)));
  return [...new Set(workers)].toSorted((a, b) => a - b);
}

function withLast(
  { lastNrs }: Pick<SmartPasses, 'lastNrs'>,
  passId: PassId,
): SmartPasses['lastNrs'] {
  const root = peerName(makerOf(passId));
  return setIn(lastNrs, root, Math.max(countOf(passId), getIn(lastNrs, root) ?? 0));
}
