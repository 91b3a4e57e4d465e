/**
 * The order in which XState would deliver within one node: a step's sends go first, depth first,
 * except that an actor whose step is not yet unwound takes its mail in order, once its step and all
 * that came of it are through. What is sent to such an actor gets its place in the mail when its turn
 * comes, not when it is sent: what was sent before it is through by then, and may have written first.
 * The agenda only ranks choices; it belongs to the run, not to the state.
 *
 * @see XState, `createActor.ts`: `update` runs deferred sends in order, `Mailbox` queues while busy.
 */
import type { Address } from '../core/brand.ts';
import { frozen, isAudited } from '../core/frozen.ts';

/** The step of an actor that is not yet unwound, or a start whose turn has not come. */
export interface Frame {
  readonly actor: Address;
  /** What came for the actor meanwhile. */
  readonly mail: readonly Slot[];
  /** What its step sent and started, in order. */
  readonly todo: readonly (Slot | Frame)[];
}

/** A message within the node, by its link and its place in the order of sending. */
export interface Slot {
  /** A parent's stop: it goes before all mail that waits, which XState clears. */
  readonly isStop?: true;
  readonly link: string;
  readonly seq: number;
  readonly to: Address;
}

/** The open frames, innermost first. */
export type Agenda =
  | {
      readonly below: Agenda;
      readonly depth: number;
      /** Whether a frame here or below holds starts whose turn has not come. */
      readonly hasStarts: boolean;
      /** The tags of the frames below the next ones, side by side: of each message all are asked. */
      readonly shelf: readonly number[];
      /** The tag of the actor of `top`. */
      readonly tag: number;
      readonly top: Frame;
    }
  | undefined;

/** No messages. */
export const noSlots: readonly Slot[] = frozen([]);

/** The next message in XState's order. */
export function nextSlot(agenda: Agenda): Slot | undefined {
  const first = agenda?.top.todo[0] ?? agenda?.top.mail[0];
  return first === undefined || isFrame(first) ? undefined : first;
}

/** All messages in XState's order, by their places in the order of sending. */
export function ranks(agenda: Agenda): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const visit = (frame: Frame): void => {
    for (const item of [...frame.todo, ...frame.mail]) {
      if (isFrame(item)) visit(item);
      else found.set(item.seq, found.size);
    }
  };
  for (let open = agenda; open !== undefined; open = open.below) visit(open.top);
  return found;
}

/**
 * The agenda after a step, its frame on top. A frame of the same actor that has nothing left is
 * replaced, so that a long exchange of two actors does not pile up frames.
 */
export function pushFrame(agenda: Agenda, frame: Frame): Agenda {
  let below = agenda;
  while (below?.top.actor === frame.actor && isThrough(below.top)) below = below.below;
  return frame.todo.length === 0 && below === undefined ? undefined : over(below, frame);
}

function over(below: Agenda, top: Frame): Agenda {
  const { actor, todo } = top;
  const hasStarts = todo.some(isFrame);
  const tag = tagOf(actor);
  if (below === undefined) return { below, depth: 1, hasStarts, shelf: noTags, tag, top };
  return {
    below,
    depth: below.depth + 1,
    hasStarts: hasStarts || below.hasStarts,
    shelf: below.depth % shelfStep === 0 ? longerShelf(below) : below.shelf,
    tag,
    top,
  };
}

const noTags: readonly number[] = frozen([]);
/** So many frames share a shelf. */
const shelfStep = 16;

/** The shelf of what comes on top of a full step of frames. */
function longerShelf(agenda: Agenda): readonly number[] {
  const tags = [...(agenda?.shelf ?? noTags)];
  const last = (agenda?.depth ?? 0) - shelfStep;
  for (let open = agenda; open !== undefined && open.depth > last; open = open.below) {
    tags.push(open.tag);
  }
  return frozen(tags);
}

/** A number that tells most addresses apart, and takes no time to make or to compare. */
function tagOf(at: Address): number {
  const { length } = at;
  return (length << 16) ^ (at.charCodeAt(length - 1) << 8) ^ at.charCodeAt(length - 2);
}

/** The agenda without one message. */
export function removeSlot(agenda: Agenda, seq: number): Agenda {
  if (agenda === undefined) return undefined;
  const top = withoutFirst(agenda.top, seq) ?? withoutSlots(agenda.top, new Set([seq]));
  if (top !== agenda.top) return over(agenda.below, top);
  return over(removeSlot(agenda.below, seq), top);
}

/** The frame without its next message, which nearly always is the one that goes. */
function withoutFirst(frame: Frame, seq: number): Frame | undefined {
  const { actor, mail, todo } = frame;
  const [first] = todo;
  if (first !== undefined && !isFrame(first) && first.seq === seq) {
    return { actor, mail, todo: todo.length === 1 ? noSlots : todo.slice(1) };
  }
  if (mail[0]?.seq !== seq) return undefined;
  return { actor, mail: mail.length === 1 ? noSlots : mail.slice(1), todo };
}

/** The agenda without some messages. */
export function removeSlots(agenda: Agenda, seqs: ReadonlySet<number>): Agenda {
  if (agenda === undefined || seqs.size === 0) return agenda;
  return over(removeSlots(agenda.below, seqs), withoutSlots(agenda.top, seqs));
}

/** A frame without some messages. */
export function withoutSlots(frame: Frame, seqs: ReadonlySet<number>): Frame {
  return filterFrame(frame, ({ seq }) => !seqs.has(seq));
}

/** Closes the frames that are through, opens the next one, and puts mail for busy actors in its place. */
export function unwind(agenda: Agenda): Agenda {
  let open = agenda;
  while (open !== undefined) {
    const { top, below }: { readonly top: Frame; readonly below: Agenda } = open;
    const first = top.todo[0];
    if (first === undefined) {
      if (top.mail.length > 0) return open;
      open = below;
      continue;
    }
    if (!isFrame(first) && !isBusy(open, first.to)) return open;
    const { actor, mail } = top;
    const todo = top.todo.length === 1 ? noSlots : top.todo.slice(1);
    const rest = over(below, { actor, mail, todo });
    open = isFrame(first) ? over(rest, first) : addMail(rest, first);
  }
  return open;
}

/** The agenda, so that nobody changes it; what was frozen before is shared by it. */
export function frozenAgenda(agenda: Agenda): Agenda {
  if (!isAudited) return agenda;
  for (let open = agenda; open !== undefined && !Object.isFrozen(open); open = open.below) {
    frozen(open);
    freezeFrame(open.top);
  }
  return agenda;
}

function freezeFrame(frame: Frame): void {
  if (Object.isFrozen(frame)) return;
  frozen(frame);
  for (const item of frozen(frame.todo)) {
    if (isFrame(item)) freezeFrame(item);
    else frozen(item);
  }
  for (const slot of frozen(frame.mail)) frozen(slot);
}

/** Whether an actor has a frame somewhere in the agenda. */
function isBusy(agenda: Agenda, actor: Address): boolean {
  if (agenda === undefined || !mayBeBusy(agenda, tagOf(actor))) return false;
  for (let open: Agenda = agenda; open !== undefined; open = open.below) {
    if (isBusyIn(open.top, actor)) return true;
  }
  return false;
}

/** Nearly always the tags are enough to say no. */
function mayBeBusy(agenda: NonNullable<Agenda>, tag: number): boolean {
  const { depth, hasStarts, shelf } = agenda;
  if (hasStarts) return true;
  let open: Agenda = agenda;
  for (let left = depth - shelf.length; left > 0 && open !== undefined; left -= 1) {
    if (open.tag === tag) return true;
    open = open.below;
  }
  return shelf.includes(tag);
}

function isBusyIn({ actor: own, todo }: Frame, actor: Address): boolean {
  return own === actor || todo.some((item) => isFrame(item) && isBusyIn(item, actor));
}

/** The agenda with `slot` in the mail of the outermost frame of its receiver; none if that is idle. */
function addMail(agenda: Agenda, slot: Slot): Agenda {
  if (agenda === undefined) return undefined;
  const below = addMail(agenda.below, slot);
  if (below !== undefined) return over(below, agenda.top);
  const top = addMailIn(agenda.top, slot);
  return top && over(agenda.below, top);
}

function addMailIn(frame: Frame, slot: Slot): Frame | undefined {
  const { actor, mail, todo } = frame;
  if (actor === slot.to) {
    return { actor, mail: slot.isStop ? [slot, ...mail] : [...mail, slot], todo };
  }
  for (const [index, item] of todo.entries()) {
    const changed = isFrame(item) ? addMailIn(item, slot) : undefined;
    if (changed !== undefined) return { actor, mail, todo: todo.with(index, changed) };
  }
  return undefined;
}

function isThrough({ mail, todo }: Frame): boolean {
  return mail.length === 0 && todo.length === 0;
}

function filterFrame(frame: Frame, keep: (slot: Slot) => boolean): Frame {
  const todo = filterItems(frame.todo, keep);
  const mail = frame.mail.every(keep) ? frame.mail : frame.mail.filter(keep);
  return todo === frame.todo && mail === frame.mail ? frame : { actor: frame.actor, mail, todo };
}

function filterItems(items: Frame['todo'], keep: (slot: Slot) => boolean): Frame['todo'] {
  let changed = false;
  const kept: (Slot | Frame)[] = [];
  for (const item of items) {
    const next = isFrame(item) ? filterFrame(item, keep) : keep(item) ? item : undefined;
    changed ||= next !== item;
    if (next !== undefined) kept.push(next);
  }
  return changed ? kept : items;
}

function isFrame(item: Slot | Frame): item is Frame {
  return 'todo' in item;
}
