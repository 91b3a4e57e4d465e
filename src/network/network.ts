/** The network between nodes: how links behave, and what rules decide about each message. */
import { nodeId } from '../core/brand.ts';
import { ms } from '../core/duration.ts';
import type { Duration } from '../core/duration.ts';
import { invariant, messageOf, SimulationError } from '../core/errors.ts';
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
    linkKind: typeof links === 'function' ? (transit) => knownKind(links(transit)) : () => links,
    partitions: (options.partitions ?? []).map(({ name, groups, messages = 'hold' }) => ({
      name,
      groups: groups.map((group) => group.map(nodeId)),
      messages,
    })),
    toDownNode: options.toDownNode ?? 'lost',
    verdict: (transit) => {
      for (const rule of rules) {
        const verdict = verdictOf(rule, transit);
        if (verdict !== undefined) return verdict;
      }
      return usual;
    },
  };
}

/** What a rule decides; its mistakes are said with the message that it was asked about. */
function verdictOf(rule: NetworkRule, transit: Transit): Verdict | undefined {
  let verdict: Verdict | undefined;
  try {
    verdict = rule(transit);
  } catch (thrown) {
    if (thrown instanceof SimulationError) throw thrown;
    throw badRule(transit, `threw: ${messageOf(thrown)}`, { cause: thrown });
  }
  if (verdict === undefined || isVerdict(verdict)) return verdict;
  throw badRule(transit, `gave ${JSON.stringify(verdict) ?? typeof verdict}`);
}

function isVerdict(verdict: unknown): boolean {
  if (typeof verdict !== 'object' || verdict === null || !('type' in verdict)) return false;
  if (verdict.type === 'drop') return true;
  if (verdict.type !== 'deliver' || !('after' in verdict) || !Array.isArray(verdict.after))
    return false;
  return verdict.after.length > 0 && verdict.after.every(isDelay);
}

function isDelay(delay: unknown): boolean {
  return typeof delay === 'number' && Number.isSafeInteger(delay) && delay >= 0;
}

function badRule(
  { event, from, to }: Transit,
  what: string,
  options?: ErrorOptions,
): SimulationError {
  return new SimulationError(
    'network/bad-rule',
    `A rule of the network ${what}, of "${event.type}" from "${from}" to "${to}". ` +
      'Give dropped, deliverAfter(ms(5), …), or undefined where the next rule decides.',
    options,
  );
}

const kinds: readonly unknown[] = ['fifo', 'unordered', 'persistent'] satisfies readonly LinkKind[];

function knownKind(kind: LinkKind): LinkKind {
  invariant(
    kinds.includes(kind),
    'network/bad-links',
    `network.links gave ${JSON.stringify(kind) ?? typeof kind}. Let it give "fifo", "unordered" or "persistent".`,
  );
  return kind;
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
