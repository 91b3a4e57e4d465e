/**
 * Which messages a message depends on, told from worker to worker with the messages themselves. A node's
 * edges are fixed when it is made, so what a send function can reach never changes.
 *
 * @see PyTorch, "Distributed Autograd Design", "SMART mode algorithm", which names the idea; the message's
 * history as metadata is ours.
 */
import { emptyMap, entriesOf, setIn, sizeOf } from '../../src/core/persistent-map.ts';
import { recvFunctionsFrom } from '../engine/dependencies.ts';
import type { AutogradNode, Lineage, SendRpcBackwardNode } from '../engine/graph.ts';
import { keyOf } from './ids.ts';

/** The messages whose gradients a pass from these nodes needs, on all workers. */
export function usedFrom(starts: readonly AutogradNode[]): Lineage {
  return recvFunctionsFrom(starts)
    .map(({ autogradMessageId, lineage }) => lineage ?? only(keyOf(autogradMessageId)))
    .reduce(union, emptyMap<true>());
}

/** What travels with the message of a send function: the message itself, and all behind it. */
export function lineageOf(send: SendRpcBackwardNode): Lineage {
  return setIn(usedFrom([send]), keyOf(send.autogradMessageId), true);
}

function only(key: string): Lineage {
  return setIn(emptyMap<true>(), key, true);
}

/** Into the larger of the two, so that a chain of messages costs one entry each. */
function union(first: Lineage, second: Lineage): Lineage {
  const [small, large] = sizeOf(first) < sizeOf(second) ? [first, second] : [second, first];
  let all = large;
  for (const [key] of entriesOf(small)) all = setIn(all, key, true);
  return all;
}
