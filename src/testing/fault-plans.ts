import { array, constantFrom, nat, record } from 'fast-check';
import type { Arbitrary } from 'fast-check';

import type { NodeId } from '../core/brand.ts';
import { us } from '../core/duration.ts';
import { unreachable } from '../core/errors.ts';
import { nodeFaultTypes } from '../kernel/rules.ts';
import type { NodeFault, PlannedFault } from '../kernel/rules.ts';
import type { System } from '../runtime/system.ts';

/** What plans are made of. */
export interface FaultPlanOptions {
  /** Faults of one plan at most; 4 unless said otherwise. */
  readonly lengthMax?: number;
  /** Virtual microseconds between one fault and the next at most; 20,000 unless said otherwise. */
  readonly delayMax?: number;
  /** Which faults; all that the system can have unless given. */
  readonly kinds?: readonly NodeFault['type'][];
}

/**
 * Plans of faults that can befall a system, for `defineSystem({ ...system.definition, plan })`: only what is
 * up crashes, only what is down restarts. They shrink to few faults that come early.
 */
export function faultPlans(
  system: System,
  { delayMax = 20_000, kinds = nodeFaultTypes, lengthMax = 4 }: FaultPlanOptions = {},
): Arbitrary<readonly PlannedFault[]> {
  const { nodes, rules } = system.mechanics;
  const partitions = rules.partitions.map(({ name }) => name);
  const drawn = record({
    after: nat({ max: delayMax }),
    kind: constantFrom(...kinds),
    which: nat({ max: Math.max(nodes.length, partitions.length, 1) - 1 }),
  });
  return array(drawn, { maxLength: lengthMax }).map((faults) =>
    possible(faults, { nodes, partitions }),
  );
}

interface Drawn {
  readonly after: number;
  readonly kind: NodeFault['type'];
  readonly which: number;
}

interface Places {
  readonly nodes: readonly NodeId[];
  readonly partitions: readonly string[];
}

/** Leaves out what cannot come where it stands. */
function possible(faults: readonly Drawn[], places: Places): readonly PlannedFault[] {
  const states = new Map<NodeId, 'down' | 'paused'>();
  let isSplit = false;
  return faults.flatMap((drawn) => {
    const fault = faultOf(drawn, places);
    if (fault === undefined) return [];
    if (fault.type === 'partition' || fault.type === 'heal') {
      if (isSplit === (fault.type === 'partition')) return [];
      isSplit = !isSplit;
    } else {
      const after = stateAfter(fault.type, states.get(fault.node));
      if (after === undefined) return [];
      if (after === 'up') states.delete(fault.node);
      else states.set(fault.node, after);
    }
    return [{ after: us(drawn.after), fault }];
  });
}

function faultOf({ kind, which }: Drawn, { nodes, partitions }: Places): NodeFault | undefined {
  if (kind === 'heal') return { type: kind };
  if (kind === 'partition') {
    const partition = partitions[which % Math.max(1, partitions.length)];
    return partition === undefined ? undefined : { partition, type: kind };
  }
  const node = nodes[which % Math.max(1, nodes.length)];
  return node === undefined ? undefined : { node, type: kind };
}

/** What a node is after a fault; `undefined` where that cannot befall it. */
function stateAfter(
  fault: 'crash' | 'restart' | 'pause' | 'resume',
  before: 'down' | 'paused' | undefined,
): 'down' | 'paused' | 'up' | undefined {
  switch (fault) {
    case 'crash':
      return before === 'down' ? undefined : 'down';
    case 'restart':
      return before === 'down' ? 'up' : undefined;
    case 'pause':
      return before === undefined ? 'paused' : undefined;
    case 'resume':
      return before === 'paused' ? 'up' : undefined;
    default:
      return unreachable(fault);
  }
}
