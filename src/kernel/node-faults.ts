/** What may befall nodes and the network as a whole, by misfortune or by the fault plan. */
import type { NodeId } from '../core/brand.ts';
import { unreachable } from '../core/errors.ts';
import { getIn } from '../core/persistent-map.ts';
import { hasBudget } from './budgets.ts';
import type { NodeChoice, PartitionChoice } from './choice.ts';
import type { Mechanics } from './mechanics.ts';
import { countedName } from './names.ts';
import type { NodeFault } from './rules.ts';
import type { World } from './world.ts';

/** The next fault of the plan; in untimed mode it may come at any moment. */
export function plannedChoice(
  { rules }: Mechanics,
  world: World,
): NodeChoice | PartitionChoice | undefined {
  const [next] = world.plan;
  if (next === undefined) return undefined;
  const after = rules.time === 'timed' ? next.after : 0;
  const choice = faultChoice(world, next.fault);
  // Misfortune may offer the same fault: what is planned has a name of its own.
  return { ...choice, name: `planned:${choice.name}`, after, planned: true };
}

/** Whether a fault can befall the world as it is: only what is up crashes, only what is down restarts. */
export function isPossible(world: World, choice: NodeChoice | PartitionChoice): boolean {
  switch (choice.type) {
    case 'crash':
      return getIn(world.nodes, choice.node) !== 'down';
    case 'restart':
      return getIn(world.nodes, choice.node) === 'down';
    case 'pause':
      return getIn(world.nodes, choice.node) === undefined;
    case 'resume':
      return getIn(world.nodes, choice.node) === 'paused';
    case 'partition':
      return world.partition !== choice.partition;
    case 'heal':
      return world.partition !== undefined;
    default:
      return unreachable(choice);
  }
}

/** What may befall nodes within the budgets, and how they recover. */
export function nodeFaults(
  mechanics: Mechanics,
  world: World,
): readonly (NodeChoice | PartitionChoice)[] {
  return mechanics.nodes
    .filter((node) => !mechanics.isSteadfast(node))
    .flatMap((node) => faultsOfNode(world, node));
}

function faultsOfNode(world: World, node: NodeId): readonly (NodeChoice | PartitionChoice)[] {
  const state = getIn(world.nodes, node);
  switch (state) {
    case undefined:
      return (['pause', 'crash'] as const)
        .filter((type) => hasBudget(world, type))
        .map((type) => faultChoice(world, { type, node }));
    case 'paused':
      return [faultChoice(world, { type: 'resume', node })];
    case 'down':
      return hasBudget(world, 'restart') ? [faultChoice(world, { type: 'restart', node })] : [];
    default:
      return unreachable(state);
  }
}

/** The network splits, or is whole again. */
export function partitionFaults({ rules }: Mechanics, world: World): readonly PartitionChoice[] {
  if (world.partition !== undefined) return [partitionChoice(world, 'heal', world.partition)];
  if (!hasBudget(world, 'partition')) return [];
  return rules.partitions.map(({ name }) => partitionChoice(world, 'partition', name));
}

/** The choice that makes a fault of a node or of the network happen. */
function faultChoice(world: World, fault: NodeFault): NodeChoice | PartitionChoice {
  switch (fault.type) {
    case 'partition':
      return partitionChoice(world, 'partition', fault.partition);
    case 'heal':
      return partitionChoice(world, 'heal', world.partition ?? '');
    case 'crash':
    case 'restart':
    case 'pause':
    case 'resume':
      return {
        type: fault.type,
        name: countedName(world.ledger, `${fault.type}:${fault.node}`),
        after: 0,
        node: fault.node,
      };
    default:
      return unreachable(fault);
  }
}

function partitionChoice(
  world: World,
  type: PartitionChoice['type'],
  partition: string,
): PartitionChoice {
  return { type, name: countedName(world.ledger, `${type}:${partition}`), after: 0, partition };
}
