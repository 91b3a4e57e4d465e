/**
 * One world for all that differ by an exchange of interchangeable actors. Members are put in the order
 * of how the world looks to each; where it looks the same to two of them and they may be exchanged
 * without a difference, their order does not matter; otherwise all orders are tried.
 *
 * @see Ip and Dill, "Better Verification Through Symmetry", 1996, section 4; McKay and Piperno,
 * "Practical graph isomorphism, II", 2014, section 2, for what is left after sorting.
 */
import { rootOf } from '../../core/address.ts';
import { invariant } from '../../core/errors.ts';
import { createInterner } from '../interned/interner.ts';
import { firstActorSlot } from '../interned/space.ts';
import type { Space } from '../interned/space.ts';
import type { Members, Permutation } from './members.ts';
import type { Relabel } from './relabel.ts';

/** The world that stands for all that are like this one. */
export type Representative = (vector: Int32Array) => Int32Array;

/** Orders that are tried where how the world looks does not tell members apart. */
const ordersMax = 5_040;
const tiedMax = 7;

/** Finds representatives of the worlds of a space. */
export function createRepresentative(
  space: Space,
  members: Members,
  relabel: Relabel,
): Representative {
  const looks = createInterner<string>();
  const known = new Map<string, Int32Array>();
  const lookOf = (vector: Int32Array, member: number): number => {
    const own: string[] = [];
    const others: string[] = [];
    const rest: number[] = [];
    const address = members.addresses[member] ?? '';
    for (let slot = 0; slot < space.slots.length; slot += 1) {
      const look = relabel.look(slot, vector[slot] ?? 0, member);
      const at = slot < firstActorSlot ? undefined : space.slots[slot]?.address;
      const root = at === undefined ? undefined : rootOf(at);
      if (at === undefined || root === undefined || !members.addresses.includes(root)) {
        rest.push(look);
      } else if (root === address) own.push(`${at.slice(root.length)} ${look}`);
      else others.push(`${at.slice(root.length)} ${look}`);
    }
    const key = [own.toSorted().join(), others.toSorted().join(), rest.join()].join(';');
    return looks.intern(key, () => key);
  };
  /** All orders of the members that have to be tried, each as the member for each place. */
  const ordersOf = (vector: Int32Array): readonly (readonly number[])[] => {
    let orders: readonly (readonly number[])[] = [[]];
    for (const group of members.groups) {
      for (const tied of classesOf(group, (member) => lookOf(vector, member))) {
        const isSettled = isFree(members, relabel, { tied, vector });
        const all = isSettled || tied.length > tiedMax ? [tied] : permutationsOf(tied);
        orders = orders.flatMap((order) => all.map((more) => [...order, ...more]));
        invariant(
          orders.length <= ordersMax && (isSettled || tied.length <= tiedMax),
          'explore/too-symmetric',
          `More than ${ordersMax} orders of interchangeable actors look the same in one world. ` +
            'Declare smaller groups.',
        );
      }
    }
    return orders;
  };
  const find = (vector: Int32Array): Int32Array => {
    const places = members.groups.flat();
    const made = ordersOf(vector).map((order) => {
      const permutation: number[] = [];
      for (const [index, member] of order.entries()) permutation[member] = places[index] ?? member;
      return relabel.apply(vector, permutation satisfies Permutation);
    });
    return made.reduce((least, one) => (isBefore(one, least) ? one : least));
  };
  return (vector) => {
    const key = vector.join();
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const made = find(vector);
    if (known.size >= knownMax) known.clear();
    known.set(key, made);
    return made;
  };
}

/** Of the worlds met lately most come again. */
const knownMax = 1 << 16;

interface Tie {
  readonly tied: readonly number[];
  readonly vector: Int32Array;
}

/** Whether any two of these may be exchanged without a difference. */
function isFree(members: Members, relabel: Relabel, { tied, vector }: Tie): boolean {
  return tied.slice(1).every((second, index) => {
    const first = tied[index] ?? second;
    const exchange = members.addresses.map((_, member) => {
      if (member === first) return second;
      return member === second ? first : member;
    });
    const other = relabel.apply(vector, exchange);
    return other.every((cell, slot) => cell === (vector[slot] ?? 0));
  });
}

/** Members to whom the world looks alike, the classes in the order of their looks. */
function classesOf(
  group: readonly number[],
  lookOf: (member: number) => number,
): readonly (readonly number[])[] {
  const classes = new Map<number, number[]>();
  for (const member of group) {
    const look = lookOf(member);
    const known = classes.get(look);
    if (known === undefined) classes.set(look, [member]);
    else known.push(member);
  }
  return [...classes.entries()]
    .toSorted(([first], [second]) => first - second)
    .map(([, all]) => all);
}

function permutationsOf(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((first) =>
    permutationsOf(items.filter((item) => item !== first)).map((rest) => [first, ...rest]),
  );
}

function isBefore(first: Int32Array, second: Int32Array): boolean {
  for (const [slot, cell] of first.entries()) {
    if (cell !== second[slot]) return cell < (second[slot] ?? 0);
  }
  return false;
}
