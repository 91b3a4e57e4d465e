/** What may befall nodes and the network as a whole. */
import type { Address } from '../../core/brand.ts';
import { unreachable } from '../../core/errors.ts';
import type { Mechanics } from '../../kernel/mechanics.ts';
import type { NodeFault } from '../../kernel/rules.ts';
import type { GlobalCell, Move, NodeChange } from './cells/cell.ts';
import { moveOf } from './cells/move.ts';
import { globalSlot } from './space.ts';

/** The faults of nodes and of the network that may come next, planned or not. */
export function globalMoves(mechanics: Mechanics, global: GlobalCell): readonly Move[] {
  return [
    ...plannedMoves(mechanics, global),
    ...mechanics.nodes
      .filter((node) => !mechanics.isSteadfast(node))
      .flatMap((node) =>
        nodeChanges(global, node).map((type) =>
          faultMove({ isPlanned: false, subject: node, type }),
        ),
      ),
    ...partitionMoves(mechanics, global),
  ];
}

/** What the partition in force does to messages between two actors. Who is in no group hears all. */
export function cutBetween(
  { nodeOf, rules }: Mechanics,
  { partition: inForce }: GlobalCell,
  link: { readonly from: Address; readonly to: Address },
): 'drop' | 'hold' | undefined {
  const partition = rules.partitions.find(({ name }) => name === inForce);
  if (partition === undefined) return undefined;
  const [from, to] = [link.from, link.to].map((end) =>
    partition.groups.findIndex((group) => group.includes(nodeOf(end))),
  );
  return from === -1 || to === -1 || from === to ? undefined : partition.messages;
}

function plannedMoves({ rules }: Mechanics, global: GlobalCell): readonly Move[] {
  const next = rules.plan[global.planned];
  if (next === undefined) return [];
  const change = { ...changeOf(next.fault), isPlanned: true };
  const isTimed = rules.time === 'timed';
  return [isTimed ? faultMove(change, global.planLeft, global.planLeft) : faultMove(change)];
}

function nodeChanges({ budgets, nodes }: GlobalCell, node: string): readonly NodeChange['type'][] {
  const has = (type: string): boolean => (budgets[type] ?? 0) > 0;
  if (nodes[node] === 'paused') return ['resume'];
  if (nodes[node] === 'down') return has('restart') ? ['restart'] : [];
  return (['pause', 'crash'] as const).filter(has);
}

function partitionMoves({ rules }: Mechanics, { budgets, partition }: GlobalCell): readonly Move[] {
  if (partition !== undefined) {
    return [faultMove({ isPlanned: false, subject: partition, type: 'heal' })];
  }
  if ((budgets['partition'] ?? 0) === 0) return [];
  return rules.partitions.map(({ name }) =>
    faultMove({ isPlanned: false, subject: name, type: 'partition' }),
  );
}

function changeOf(fault: NodeFault): Omit<NodeChange, 'isPlanned'> {
  switch (fault.type) {
    case 'partition':
      return { subject: fault.partition, type: 'partition' };
    case 'heal':
      return { subject: '', type: 'heal' };
    case 'crash':
    case 'pause':
    case 'restart':
    case 'resume':
      return { subject: fault.node, type: fault.type };
    default:
      return unreachable(fault);
  }
}

function faultMove(change: NodeChange, after = 0, deadline?: number): Move {
  return moveOf({
    after,
    calls: [{ op: change, slot: globalSlot }],
    cell: 0,
    deadline,
    label: { after, change, type: 'node' },
    slot: globalSlot,
  });
}
