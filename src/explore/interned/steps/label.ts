/** Moves of interned worlds as choices of the kernel's. */
import type { Address } from '../../../core/brand.ts';
import { digest, isSameDigest } from '../../../core/digest.ts';
import { unreachable } from '../../../core/errors.ts';
import { getIn } from '../../../core/persistent-map.ts';
import type { Choice } from '../../../kernel/choice.ts';
import { earlyName } from '../../../kernel/names.ts';
import { timerText } from '../../../kernel/timers.ts';
import { linkKey } from '../../../kernel/world.ts';
import type { Envelope, TimerGroup, World } from '../../../kernel/world.ts';
import type { Label } from '../cells/cell.ts';
import type { Parcel, TimerValue } from '../mail/parcel.ts';
import type { Space } from '../space.ts';

/** A world of the kernel, and what it offers. */
export interface Offered {
  readonly choices: readonly Choice[];
  readonly world: World;
}

/** The choice that a move is, among those that a world of the kernel offers. */
export function choiceOf(space: Space, label: Label, offered: Offered): Choice | undefined {
  switch (label.type) {
    case 'deliver':
    case 'drop':
    case 'duplicate':
      return messageChoice(space, label, offered);
    case 'fire':
    case 'early':
      return timerChoice(space, label, offered);
    case 'input': {
      const declared = space.slots[label.slot]?.declared;
      const event = declared?.inputs[label.input]?.event;
      return offered.choices.find(
        (choice) =>
          choice.type === 'input' &&
          choice.actor === declared?.address &&
          isSameDigest(digest(choice.event), digest(event)),
      );
    }
    case 'node': {
      const { isPlanned, subject, type } = label.change;
      return offered.choices.find((choice) => {
        if (choice.type !== type || 'planned' in choice !== isPlanned) return false;
        // A plan heals whatever is cut.
        return choice.type === 'heal' || subjectOf(choice) === subject;
      });
    }
    default:
      return unreachable(label);
  }
}

function subjectOf(choice: Choice): string | undefined {
  if ('node' in choice) return choice.node;
  return 'partition' in choice ? choice.partition : undefined;
}

function messageChoice(
  space: Space,
  { after, parcel: number, position, type }: Extract<Label, { readonly parcel: number }>,
  { choices, world }: Offered,
): Choice | undefined {
  const parcel = space.parcels.parcels.all[number];
  if (parcel === undefined) return undefined;
  const queue = getIn(world.links, linkKey(parcel.from, parcel.to))?.queue ?? [];
  const envelope =
    parcel.kind === 'fifo' ? queue[position] : queue.find((one) => isSameMessage(parcel, one));
  if (envelope === undefined) return undefined;
  const name = type === 'deliver' ? envelope.name : `${type}:${envelope.name}`;
  return choices.find(
    (choice) => choice.type === type && choice.after === after && choice.name.startsWith(name),
  );
}

function isSameMessage(parcel: Parcel, { content, windows }: Envelope): boolean {
  return (
    isSameDigest(digest(parcel.content), digest(content)) &&
    parcel.windows.join() === windows.join()
  );
}

function timerChoice(
  space: Space,
  { after, group, outcome, slot: index, type }: Extract<Label, { readonly group: unknown }>,
  { choices, world }: Offered,
): Choice | undefined {
  const actor: Address | undefined = space.slots[index]?.address;
  if (actor === undefined) return undefined;
  const timers = group.flatMap((number) => space.parcels.timers.all[number] ?? []);
  const found = (getIn(world.timers, actor) ?? []).find((other) => isSameGroup(timers, other));
  const timer = found?.[0]?.name;
  if (timer === undefined) return undefined;
  const name = type === 'early' ? earlyName(timer) : timer;
  // Outcomes come in their order.
  return choices.filter(
    (choice) => choice.type === type && choice.after === after && choice.name.startsWith(name),
  )[outcome];
}

function isSameGroup(timers: readonly TimerValue[], group: TimerGroup): boolean {
  return (
    timers.length === group.length &&
    timers.every((timer, index) => {
      const other = group[index];
      return other !== undefined && timerText(timer) === timerText(other);
    })
  );
}
