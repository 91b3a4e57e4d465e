/** How misfortune may treat the mail of an actor. */
import { isAtRisk } from '../../../kernel/message-faults.ts';
import { spendCall } from '../globals.ts';
import { addParcel, distinctMail } from '../mail/mail.ts';
import type { Parcel } from '../mail/parcel.ts';
import { lost } from '../mail/post.ts';
import { internCell } from '../space.ts';
import type { Slot, Space } from '../space.ts';
import type { Call, Cell, Move } from './cell.ts';
import { factCall } from './monitoring.ts';
import { moveOf } from './move.ts';

/** In a FIFO any message can be lost or doubled, not only the head. */
export function messageFaults(space: Space, slot: Slot, cell: Cell): readonly Move[] {
  const { budgets } = space.mechanics.rules;
  const types = (['drop', 'duplicate'] as const).filter((type) => (budgets[type] ?? 0) > 0);
  if (types.length === 0) return [];
  const table = space.parcels.parcels.all;
  return types.flatMap((type) =>
    distinctMail(cell.mail, table).flatMap((placed): readonly Move[] => {
      const parcel = table[placed.number];
      if (parcel === undefined || !isAtRisk(space.mechanics, parcel)) return [];
      // A set holds each message once.
      if (type === 'duplicate' && parcel.kind === 'persistent') return [];
      const { index, number, position } = placed;
      const mail =
        type === 'drop' ? cell.mail.toSpliced(index, 1) : addParcel(cell.mail, number, table);
      return [
        moveOf({
          after: 0,
          calls: [spendCall(space, type), ...factsOf(space, type, parcel)],
          cell: internCell(slot, { ...cell, mail }),
          label: { type, after: 0, parcel: number, position },
          slot: slot.index,
        }),
      ];
    }),
  );
}

/** A copy is sent once more, a dropped message is lost. */
function factsOf(space: Space, type: 'drop' | 'duplicate', parcel: Parcel): readonly Call[] {
  if (type === 'drop') return lost(space, parcel, 'dropped');
  const { content, from, to } = parcel;
  if (content.type !== 'event') return [];
  return factCall(space, { event: content.event, from, to, type: 'sent' });
}
