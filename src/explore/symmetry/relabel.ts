/** The cells of a world under other names, each computed once for what of the permutation it sees. */
import { address } from '../../core/brand.ts';
import type { Cell } from '../interned/cells/cell.ts';
import { emptyCell } from '../interned/cells/cell.ts';
import { internStates } from '../interned/cells/monitoring.ts';
import { internGlobal } from '../interned/globals.ts';
import { createInterner } from '../interned/interner.ts';
import { sortedMail } from '../interned/mail/mail.ts';
import { globalSlot, internActor, internCell, monitorSlot } from '../interned/space.ts';
import type { Space } from '../interned/space.ts';
import { renamingBy } from './members.ts';
import type { Members, Permutation } from './members.ts';
import { renamed, shapeOf } from './renaming.ts';
import type { Renaming } from './renaming.ts';

/** Renames worlds, and says how their cells look to one of the members. */
export interface Relabel {
  /** The world under other names. */
  readonly apply: (vector: Int32Array, permutation: Permutation) => Int32Array;
  /** How a cell looks where only `member` has a name: the same number for what looks the same; 0 where it has none there. */
  readonly look: (slot: number, cell: number, member: number) => number;
}

/** A relabelling of the worlds of a space. */
export function createRelabel(space: Space, members: Members): Relabel {
  const named: (readonly number[])[][] = [];
  const looks: number[][][] = [];
  const shapes = createInterner<string>();
  shapes.intern('', () => '');
  const cells = new Map<string, number>();
  const namedIn = (slot: number, cell: number): readonly number[] => {
    const bySlot = (named[slot] ??= []);
    return (bySlot[cell] ??= namesIn(space, members, { cell, slot }));
  };
  const targetOf = (slot: number, renaming: Renaming): number => {
    const known = space.slots[slot];
    return known === undefined ? slot : space.slotOf(address(renaming.text(known.address))).index;
  };
  return {
    apply: (vector, permutation) => {
      const renaming = renamingBy(space, members, permutation);
      const count = space.slots.length;
      const after = new Map<number, number>();
      for (let slot = 0; slot < count; slot += 1) {
        const cell = vector[slot] ?? 0;
        const seen = namedIn(slot, cell).map((member) => permutation[member] ?? member);
        const target = targetOf(slot, renaming);
        const key = `${slot}>${target}|${cell}|${seen.join()}`;
        const known = cells.get(key) ?? renamedCell(space, { cell, renaming, slot, target });
        cells.set(key, known);
        after.set(target, known);
      }
      return Int32Array.from({ length: space.slots.length }, (_, slot) => after.get(slot) ?? 0);
    },
    look: (slot, cell, member) => {
      const byCell = ((looks[slot] ??= [])[cell] ??= []);
      const known = byCell[member];
      if (known !== undefined) return known;
      const isNamed = namedIn(slot, cell).includes(member);
      const shape = isNamed ? shapeFor(space, members, { cell, member, slot }) : '';
      const made = shapes.intern(shape, () => shape);
      byCell[member] = made;
      return made;
    },
  };
}

interface Place {
  readonly cell: number;
  readonly slot: number;
}

/** All data of a cell: what names are looked for in. What has no order is a `Set`. */
function contentsOf(space: Space, { cell, slot: index }: Place): unknown {
  if (index === globalSlot) return space.globals.all[cell];
  if (index === monitorSlot) return space.monitorStates.all[cell];
  const slot = space.slots[index];
  const { actor, durable, mail, timers } = slot?.cells.all[cell] ?? emptyCell;
  const { parcels } = space;
  const links: Record<string, unknown[]> = {};
  for (const number of mail) {
    const parcel = parcels.parcels.all[number];
    if (parcel === undefined) continue;
    const { content, from, kind, windows } = parcel;
    (links[`${kind} ${from}`] ??= []).push({ content, windows });
  }
  return {
    actor: actor === 0 ? undefined : space.actors.all[actor],
    address: slot?.address,
    durable,
    links: Object.fromEntries(
      Object.entries(links).map(([link, queue]) => [
        link,
        link.startsWith('fifo ') ? queue : new Set(queue),
      ]),
    ),
    timers: new Set(timers.map((group) => group.map((number) => parcels.timers.all[number]))),
  };
}

function namesIn(space: Space, members: Members, place: Place): readonly number[] {
  const found = new Set<number>();
  const text = (all: string): string => {
    for (const member of members.namedIn(all)) found.add(member);
    return all;
  };
  shapeOf(contentsOf(space, place), { rank: () => -1, text });
  return [...found].toSorted((first, second) => first - second);
}

const [thisName, otherName] = ['\u0001', '\u0002'];

function shapeFor(
  space: Space,
  members: Members,
  { member, ...place }: Place & { readonly member: number },
): string {
  const text = (all: string): string =>
    members.replace(all, (found) => (found === member ? thisName : otherName));
  const rank = (name: string): number => members.addresses.indexOf(name);
  return shapeOf(contentsOf(space, place), { rank, text });
}

interface Moving extends Place {
  readonly renaming: Renaming;
  readonly target: number;
}

function renamedCell(space: Space, { cell, renaming, slot, target }: Moving): number {
  if (slot === globalSlot) {
    const global = space.globals.all[cell];
    return global === undefined ? cell : internGlobal(space, renamed(global, renaming));
  }
  if (slot === monitorSlot) {
    const states = space.monitorStates.all[cell];
    return states === undefined ? cell : internStates(space, renamed(states, renaming));
  }
  const before = space.slots[slot]?.cells.all[cell];
  const place = space.slots[target];
  if (before === undefined || place === undefined) return cell;
  return internCell(place, renamedContents(space, before, renaming));
}

function renamedContents(space: Space, cell: Cell, renaming: Renaming): Cell {
  const { parcels } = space;
  const mail = cell.mail.flatMap((number) => {
    const parcel = parcels.parcels.all[number];
    if (parcel === undefined) return [];
    const { link: _, ...rest } = parcel;
    return [parcels.parcelOf(renamed(rest, renaming))];
  });
  const timers = cell.timers.map((group) =>
    group.flatMap((number) => {
      const timer = parcels.timers.all[number];
      return timer === undefined ? [] : [parcels.timerOf(renamed(timer, renaming))];
    }),
  );
  const actor = space.actors.all[cell.actor];
  const durable = cell.durable === undefined ? {} : { durable: renamed(cell.durable, renaming) };
  return {
    actor:
      cell.actor === 0 || actor === undefined
        ? 0
        : internActor(space, { ...actor, local: renamed(actor.local, renaming) }),
    ...durable,
    mail: sortedMail(mail, parcels.parcels.all),
    timers,
  };
}
