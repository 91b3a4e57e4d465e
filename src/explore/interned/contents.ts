/**
 * The hash of an interned world by its contents. The numbers of cells are those of one space; this is the
 * same in every space, thread and process, so that worlds that were seen apart can be counted together.
 */
import { canonical } from '../../core/canonical.ts';
import { chain, digest, emptyDigest, join } from '../../core/digest.ts';
import type { Digest } from '../../core/digest.ts';
import type { Cell } from './cells/cell.ts';
import type { TimerValue } from './mail/parcel.ts';
import { globalSlot, monitorSlot } from './space.ts';
import type { Space } from './space.ts';

/** The hash of the worlds of a space; what a cell holds is hashed once. */
export function createContents(space: Space): (cells: Int32Array) => Digest {
  const known: (Digest | undefined)[][] = [];
  const digestAt = (slot: number, cell: number): Digest => {
    const ofSlot = (known[slot] ??= []);
    return (ofSlot[cell] ??= chain(digest(nameOf(space, slot)), contentOf(space, slot, cell)));
  };
  return (cells) => {
    let sum = emptyDigest;
    for (let slot = 0; slot < cells.length; slot += 1) {
      const cell = cells[slot] ?? 0;
      // A cell without actor and mail is as good as none: slots are added on the way.
      if (cell === 0 && slot > monitorSlot) continue;
      sum = join(sum, digestAt(slot, cell));
    }
    return sum;
  };
}

function nameOf({ slots }: Space, slot: number): number | string {
  return slots[slot]?.address ?? slot;
}

function contentOf(space: Space, slot: number, number: number): Digest {
  if (slot === globalSlot) return digest(canonical(space.globals.all[number]));
  if (slot === monitorSlot) return digest(canonical(space.monitorStates.all[number]));
  const cell = space.slots[slot]?.cells.all[number];
  return cell === undefined ? emptyDigest : digestCell(space, cell);
}

function digestCell(space: Space, { actor, durable, mail, timers }: Cell): Digest {
  const { local, logic, systemId } = space.actors.all[actor] ?? {};
  const value = chain(chain(digest(logic), digest(local)), digest(systemId));
  return [value, digestMail(space, mail), digestTimers(space, timers), digest(durable)].reduce(
    chain,
  );
}

/** In order where the link keeps it; links come in any order. */
function digestMail({ parcels: { parcels } }: Space, mail: Cell['mail']): Digest {
  const links = new Map<string, Digest>();
  for (const number of mail) {
    const parcel = parcels.all[number];
    if (parcel === undefined) continue;
    const one = chain(digest(parcel.content), digestAll(parcel.windows.map(digest)));
    const before = links.get(parcel.from) ?? digest(parcel.from);
    const isOrdered = parcel.isLocal || parcel.kind === 'fifo';
    links.set(parcel.from, isOrdered ? chain(before, one) : join(before, one));
  }
  return [...links.values()].reduce(join, emptyDigest);
}

function digestTimers({ parcels: { timers } }: Space, groups: Cell['timers']): Digest {
  const digests = groups.map((group) =>
    digestAll(
      group.flatMap((number) => {
        const timer = timers.all[number];
        return timer === undefined ? [] : [digestTimer(timer)];
      }),
    ),
  );
  return digests.reduce(join, emptyDigest);
}

function digestTimer({ events, id, to, windows }: TimerValue): Digest {
  const what = chain(chain(digestAll(events.map(digest)), digest(id)), digest(to));
  return chain(what, digestAll(windows.map(digest)));
}

function digestAll(digests: readonly Digest[]): Digest {
  return digests.reduce(chain, digest(digests.length));
}
