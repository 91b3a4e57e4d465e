/** The network between nodes: how links behave, and what rules decide about each message. */
import { nodeId } from '../core/brand.ts';
import { ms } from '../core/duration.ts';
import type { Duration } from '../core/duration.ts';
import { invariant } from '../core/errors.ts';
import type { LinkKind, Partition, Rules, Transit, Verdict } from '../kernel/rules.ts';

/** Decides the fate of a message, or leaves it to the rules after it. */
export type NetworkRule = (transit: Transit) => Verdict | undefined;

/** What a user says of the network; all of it may be left out. */
export interface NetworkOptions {
  /** How links between nodes treat what is in flight; `fifo` unless said otherwise. */
  readonly links?: LinkKind | ((transit: Pick<Transit, 'fromNode' | 'toNode'>) => LinkKind);
  /** The delays that a message may have, a choice for each; 1 ms unless said otherwise. */
  readonly latency?: readonly Duration[];
  /** Groups of nodes that may be cut off from one another. */
  readonly partitions?: readonly PartitionOptions[];
  /** The first rule that gives a verdict decides; else the message is delivered after `latency`. */
  readonly rules?: readonly NetworkRule[];
  /** What a message to a node that is down becomes; `lost` unless said otherwise. */
  readonly toDownNode?: Rules['toDownNode'];
}

/** A partition: nodes of different groups cannot hear one another. */
export interface PartitionOptions {
  readonly name: string;
  readonly groups: readonly (readonly string[])[];
  /** What becomes of messages between groups; they are held until the partition heals unless said otherwise. */
  readonly messages?: Partition['messages'];
}

/** The part of the kernel's rules that speaks of the network. */
export type NetworkRules = Pick<Rules, 'linkKind' | 'partitions' | 'toDownNode' | 'verdict'>;

/**
 * The network's rules.
 *
 * @throws {SimulationError} `network/no-latency` for an empty list of delays.
 */
export function createNetwork(options: NetworkOptions = {}): NetworkRules {
  const { latency = [ms(1)], links = 'fifo', rules = [] } = options;
  const usual = deliverAfter(...latency);
  return {
    linkKind: typeof links === 'function' ? links : () => links,
    partitions: (options.partitions ?? []).map(({ name, groups, messages = 'hold' }) => ({
      name,
      groups: groups.map((group) => group.map(nodeId)),
      messages,
    })),
    toDownNode: options.toDownNode ?? 'lost',
    verdict: (transit) => {
      for (const rule of rules) {
        const verdict = rule(transit);
        if (verdict !== undefined) return verdict;
      }
      return usual;
    },
  };
}

/** The message arrives after one of these delays. */
export function deliverAfter(...delays: readonly Duration[]): Verdict {
  invariant(
    delays.length > 0,
    'network/no-latency',
    'A message needs at least one delay after which it may arrive. Give for instance [ms(1)].',
  );
  const after = [...new Set(delays)].toSorted((first, second) => first - second);
  return { type: 'deliver', after };
}

/** The message is lost. */
export const dropped: Verdict = { type: 'drop' };
