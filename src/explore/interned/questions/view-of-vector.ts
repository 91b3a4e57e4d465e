/** The view of an interned world, which notes what is read of it. */
import { actorView } from '../../../runtime/view.ts';
import type { ActorView, MessageView, View } from '../../../runtime/view.ts';
import type { Cell } from '../cells/cell.ts';
import { monitorSlot } from '../space.ts';
import type { Slot, Space } from '../space.ts';

/** Something that was read: an actor's local state, a cell with its mail, or how many slots there are. */
export type Read =
  | { readonly type: 'actor' | 'cell'; readonly slot: number }
  | { readonly type: 'slots' };

/** A view, and what has been read through it, in order and each thing once. */
export interface RecordingView {
  readonly reads: readonly Read[];
  readonly view: View;
}

/** The number that a world has where `read` looks. */
export function readOf(space: Space, vector: Int32Array, read: Read): number {
  if (read.type === 'slots') return space.slots.length;
  const number = vector[read.slot] ?? 0;
  if (read.type === 'cell') return number;
  return space.slots[read.slot]?.cells.all[number]?.actor ?? 0;
}

/** A view of the world that `vector` stands for. */
export function createRecordingView(space: Space, vector: Int32Array): RecordingView {
  const { note, reads } = createNotes(space, vector);
  const actorAt = (slot: Slot): ActorView | undefined => {
    const number = note({ slot: slot.index, type: 'actor' });
    const local = number === 0 ? undefined : space.actors.all[number]?.local;
    return local === undefined ? undefined : actorView(local);
  };
  const present = (): readonly Slot[] => {
    note({ type: 'slots' });
    return space.slots.flatMap((slot) =>
      slot !== undefined && note({ slot: slot.index, type: 'actor' }) !== 0 ? [slot] : [],
    );
  };
  const view: View = {
    actor: (address) => {
      const slot = space.slotAt(address);
      if (slot !== undefined) return actorAt(slot);
      note({ type: 'slots' });
      return undefined;
    },
    addresses: () =>
      present()
        .map(({ address }) => address)
        .toSorted(),
    messages: () => {
      note({ type: 'slots' });
      return space.slots.flatMap((slot) => {
        const cell = slot?.cells.all[note({ slot: slot.index, type: 'cell' })];
        return cell === undefined ? [] : messagesIn(space, cell);
      });
    },
    monitor: (name) => {
      const { monitors } = space.mechanics.rules;
      const index = monitors.findIndex((monitor) => monitor.name === name);
      const states = space.monitorStates.all[note({ slot: monitorSlot, type: 'cell' })];
      return states?.[index];
    },
  };
  return { reads, view };
}

interface Notes {
  readonly note: (read: Read) => number;
  readonly reads: readonly Read[];
}

function createNotes(space: Space, vector: Int32Array): Notes {
  const reads: Read[] = [];
  const noted = new Set<string | number>();
  const keyOf = (read: Read): string | number => {
    if (read.type === 'slots') return 'slots';
    return read.type === 'actor' ? read.slot : -read.slot;
  };
  const note = (read: Read): number => {
    const key = keyOf(read);
    if (!noted.has(key)) {
      noted.add(key);
      reads.push(read);
    }
    return readOf(space, vector, read);
  };
  return { note, reads };
}

function messagesIn({ parcels }: Space, { mail }: Cell): readonly MessageView[] {
  return mail.flatMap((number) => {
    const parcel = parcels.parcels.all[number];
    if (parcel?.content.type !== 'event') return [];
    return [{ event: parcel.content.event, from: parcel.from, to: parcel.to }];
  });
}
