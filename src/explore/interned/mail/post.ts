/** How an event gets into the mail of its receiver. */
import { parentOf, rootOf } from '../../../core/address.ts';
import type { Address } from '../../../core/brand.ts';
import { canonical } from '../../../core/canonical.ts';
import { unknownActor } from '../../../kernel/draft.ts';
import type { EventObject } from '../../../kernel/effect.ts';
import type { LossReason } from '../../../kernel/step.ts';
import type { Content } from '../../../kernel/world.ts';
import type { Call } from '../cells/cell.ts';
import { factCall } from '../cells/monitoring.ts';
import { callOf } from '../space.ts';
import type { Slot, Space } from '../space.ts';
import type { Parcel } from './parcel.ts';

/** An event on its way. */
export interface Post {
  readonly event: EventObject;
  readonly from: Address;
  readonly to: Address;
}

/** The calls that send an event, of whose receiver another name may be given. */
export function postCalls(space: Space, post: Post): readonly Call[] {
  const { event, from, to } = post;
  if (space.mechanics.isDeclared(rootOf(to))) return postKnown(space, post);
  return [{ op: { event, from, name: to, type: 'alias-post' }, slot: 0 }];
}

/** The calls that send an event to an address. */
export function postKnown(space: Space, { event, from, to }: Post): readonly Call[] {
  const { mechanics, parcels } = space;
  if (!mechanics.isDeclared(rootOf(to))) return postUnknown(space, { event, from, to });
  const isLocal = mechanics.isLocal(from, to);
  const windows = isLocal ? [] : transitWindows(space, { event, from, to });
  if (windows === undefined) {
    return [
      ...factCall(space, { event, from, to, type: 'sent' }),
      ...factCall(space, { event, from, to, type: 'lost', why: 'rule' }),
    ];
  }
  const parcel = parcels.parcelOf({
    content: canonical({ event, type: 'event' as const }),
    from,
    isLocal,
    kind: mechanics.kindOf(from, to),
    to,
    windows,
  });
  return [callOf(space.slotOf(to), { parcel, type: 'post' })];
}

/** A parent's signal to a child. */
export function signal(space: Space, child: Slot, content: Content): number {
  return space.parcels.parcelOf({
    content: canonical(content),
    from: parentOf(child.address) ?? child.address,
    isLocal: true,
    kind: 'fifo',
    to: child.address,
    windows: [],
  });
}

/** What monitors are told of a message that reaches nobody. */
export function lost(
  space: Space,
  { content, from, to }: Parcel,
  why: LossReason,
): readonly Call[] {
  const event = content.type === 'event' ? content.event : { type: `xstate.${content.type}` };
  return factCall(space, { event, from, to, type: 'lost', why });
}

/** A message to a name that nobody has. */
function postUnknown(space: Space, { event, from, to }: Post): readonly Call[] {
  if (space.mechanics.rules.unknownActors === 'dead-letter') {
    return factCall(space, { event, from, to, type: 'lost', why: 'dead-letter' });
  }
  const error = unknownActor({ event, from, to });
  return [{ op: { error, type: 'throw' }, slot: 0 }];
}

function transitWindows(
  { mechanics }: Space,
  { event, from, to }: Post,
): readonly number[] | undefined {
  const { nodeOf, rules } = mechanics;
  const transit = { event, from, fromNode: nodeOf(from), to, toNode: nodeOf(to) };
  const verdict = rules.verdict(transit);
  if (verdict.type === 'drop') return undefined;
  const hasTime = rules.time === 'timed' && rules.linkKind(transit) !== 'persistent';
  return hasTime ? [...verdict.after] : [];
}
