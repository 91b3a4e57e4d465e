/** What befalls a node or the network as a whole. */
import { address } from '../core/brand.ts';
import type { NodeId } from '../core/brand.ts';
import { unreachable } from '../core/errors.ts';
import { frozen } from '../core/frozen.ts';
import { deleteIn, getIn, keysOf, setIn } from '../core/persistent-map.ts';
import { startDeclared } from './apply-effects.ts';
import { notOffered } from './choice.ts';
import type { NodeChoice, PartitionChoice } from './choice.ts';
import { removeActor } from './draft.ts';
import type { Draft } from './draft.ts';
import { pass } from './elapse.ts';
import { isPossible, plannedChoice } from './node-faults.ts';
import { count, spend } from './tally.ts';

/**
 * Makes a fault happen. A planned one that is not possible (a node that is down crashes) only comes off
 * the plan; of no other kind is one ever offered.
 */
export function applyFault(draft: Draft, choice: NodeChoice | PartitionChoice): void {
  const { world } = draft;
  const isReal = isPossible(world, choice);
  if (choice.planned === undefined) {
    if (!isReal || choice.after > 0) throw notOffered(choice);
    if (choice.type !== 'resume' && choice.type !== 'heal') spend(draft, choice.type);
  } else {
    const next = plannedChoice(draft.mechanics, draft.world);
    if (next?.name !== choice.name || next.after !== choice.after) throw notOffered(choice);
    pass(draft, choice.after);
    world.plan = frozen(world.plan.slice(1));
  }
  count(draft, `${choice.type}:${'node' in choice ? choice.node : choice.partition}`);
  if (isReal) carryOut(draft, choice);
}

function carryOut(draft: Draft, choice: NodeChoice | PartitionChoice): void {
  const { world } = draft;
  switch (choice.type) {
    case 'crash':
      return crash(draft, choice.node);
    case 'restart':
      return restart(draft, choice.node);
    case 'pause':
      world.nodes = setIn(world.nodes, choice.node, 'paused');
      return undefined;
    case 'resume':
      world.nodes = deleteIn(world.nodes, choice.node);
      return undefined;
    case 'partition':
      world.partition = choice.partition;
      return undefined;
    case 'heal':
      delete world.partition;
      return undefined;
    default:
      return unreachable(choice);
  }
}

/** What a node's actors had declared durable is kept; all else of them is gone, with their mail. */
function crash(draft: Draft, node: NodeId): void {
  const { mechanics, world } = draft;
  for (const { address: at, durable } of mechanics.declaredOn(node)) {
    const actor = getIn(world.actors, at);
    if (actor === undefined || durable.length === 0) continue;
    world.durable = setIn(world.durable, at, mechanics.stepper.durable(actor.local, durable));
  }
  for (const key of keysOf(world.actors).toReversed()) {
    const at = address(key);
    if (mechanics.nodeOf(at) !== node) continue;
    removeActor(draft, at, 'none');
    draft.happened.push({ type: 'stopped', actor: at });
  }
  world.nodes = setIn(world.nodes, node, 'down');
}

function restart(draft: Draft, node: NodeId): void {
  const { mechanics, world } = draft;
  world.nodes = deleteIn(world.nodes, node);
  const all = mechanics.declaredOn(node).map(({ address: at, input, logic }) => ({
    at,
    request: { durable: getIn(world.durable, at), input, logic },
  }));
  for (const { at } of all) world.durable = deleteIn(world.durable, at);
  startDeclared(draft, all);
}
