/** The actors that are declared interchangeable, and whether what was declared of them agrees. */
import { canonical } from '../../core/canonical.ts';
import { digest, isSameDigest } from '../../core/digest.ts';
import { SimulationError } from '../../core/errors.ts';
import type { Declared } from '../../kernel/rules.ts';
import type { Space } from '../interned/space.ts';
import { renamed } from './renaming.ts';
import type { Renaming } from './renaming.ts';

/** All members of all groups, side by side. */
export interface Members {
  readonly addresses: readonly string[];
  /** The places of the members of each group. */
  readonly groups: readonly (readonly number[])[];
  /** The members whose names a text has in it. */
  readonly namedIn: (text: string) => readonly number[];
  /** Replaces each name of a member by what `name` gives for it. */
  readonly replace: (
    text: string,
    name: (member: number, what: 'actor' | 'node') => string,
  ) => string;
}

/** A permutation: for each member the one whose names it gets. */
export type Permutation = readonly number[];

/**
 * The members of these groups of addresses.
 *
 * @throws {SimulationError} `explore/not-symmetric` where an address is unknown or twice there, or where
 * machine, input, inputs, durable keys or nodes of two members differ by more than their names.
 */
export function membersOf(space: Space, groups: readonly (readonly string[])[]): Members {
  const declared = groups.flat().map((address) => declaredAt(space, address));
  const addresses = declared.map(({ address }): string => address);
  const twice = addresses.find((address, index) => addresses.indexOf(address) < index);
  if (twice !== undefined) throw asymmetric(`"${twice}" is in two groups, or in one twice`);
  const nodes = declared.map((one) => ownNode(space, one));
  const names = new Map<string, { readonly member: number; readonly what: 'actor' | 'node' }>();
  for (const [member, node] of nodes.entries()) {
    if (node !== undefined) names.set(node, { member, what: 'node' });
  }
  for (const [member, address] of addresses.entries())
    names.set(address, { member, what: 'actor' });
  const pattern = patternOf([...names.keys()]);
  const members: Members = {
    addresses,
    groups: groups.map((group) => group.map((address) => addresses.indexOf(address))),
    namedIn: (text) =>
      [...text.matchAll(pattern)].flatMap(([name]) => names.get(name)?.member ?? []),
    replace: (text, name) =>
      text.replaceAll(pattern, (found) => {
        const known = names.get(found);
        return known === undefined ? found : name(known.member, known.what);
      }),
  };
  for (const group of members.groups) requireAlike(space, members, { declared, group, nodes });
  return members;
}

/** The renaming that a permutation is. */
export function renamingBy(space: Space, members: Members, permutation: Permutation): Renaming {
  const { stepper } = space.mechanics;
  const names = (member: number, what: 'actor' | 'node'): string => {
    const target = members.addresses[permutation[member] ?? member] ?? '';
    if (what === 'actor') return target;
    return space.slotAt(target)?.node ?? target;
  };
  return {
    rank: (text) => members.addresses.indexOf(text),
    refTo: (address) => stepper.refused(address, { type: 'ref' })['to'],
    text: (text) => members.replace(text, names),
  };
}

/** The permutations that exchange two neighbours of a group: all others are made of them. */
export function exchangesOf({ addresses, groups }: Members): readonly Permutation[] {
  return groups.flatMap((group) =>
    group.slice(1).map((second, index) => {
      const first = group[index] ?? second;
      const exchange = (member: number): number => (member === second ? first : member);
      return addresses.map((_, member) => (member === first ? second : exchange(member)));
    }),
  );
}

/** What is said where actors are not interchangeable. */
export function asymmetric(what: string): SimulationError {
  return new SimulationError(
    'explore/not-symmetric',
    `Actors that are declared interchangeable are not: ${what}. Take them out of the group, or let ` +
      'the system treat them alike: no order among them but by name in arrays that stand for sets.',
  );
}

function declaredAt(space: Space, address: string): Declared {
  const declared = space.slotAt(address)?.declared;
  if (declared === undefined) throw asymmetric(`the system declares no "${address}"`);
  return declared;
}

/** The node on which only this actor lives; none where it lives with others. */
function ownNode({ mechanics }: Space, { node }: Declared): string | undefined {
  return mechanics.declaredOn(node).length === 1 ? node : undefined;
}

/** Names as words: what stands before or behind is no letter or digit. The longest comes first. */
function patternOf(names: readonly string[]): RegExp {
  const parts = names
    .toSorted((first, second) => second.length - first.length)
    .map((name) => name.replaceAll(/[^\w]/g, String.raw`\$&`));
  return new RegExp(String.raw`(?<![\w])(?:${parts.join('|')})(?![\w])`, 'g');
}

interface Alike {
  readonly declared: readonly Declared[];
  readonly group: readonly number[];
  readonly nodes: readonly (string | undefined)[];
}

function requireAlike(space: Space, members: Members, { declared, group, nodes }: Alike): void {
  const [first = 0, ...others] = group;
  for (const other of others) {
    const [one, two] = [declared[first], declared[other]];
    if (one === undefined || two === undefined) continue;
    const pair = `"${one.address}" and "${two.address}"`;
    if (one.logic !== two.logic)
      throw asymmetric(
        `${pair} are different machines (make one, and give it to each with another input)`,
      );
    const isOwn = nodes[first] !== undefined && nodes[other] !== undefined;
    if (!isOwn && one.node !== two.node) throw asymmetric(`${pair} live on unlike nodes`);
    const exchange = members.addresses.map((_, member) => {
      if (member === first) return other;
      return member === other ? first : member;
    });
    const renaming = renamingBy(space, members, exchange);
    for (const key of ['input', 'inputs', 'durable'] as const) {
      const given = canonical({ value: renamed(one[key], renaming) });
      if (!isSameDigest(digest(given), digest(canonical({ value: two[key] })))) {
        throw asymmetric(`the \`${key}\` of ${pair} differ by more than their names`);
      }
    }
  }
}
