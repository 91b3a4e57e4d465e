/**
 * What an outcome of XState does to the cell of its actor and to those of others. It depends on the
 * local state and the event alone, so all cells of one local state share it.
 */
import { childOf, lastName, parentOf, rootOf, toAbsolute } from '../../../core/address.ts';
import { canonical } from '../../../core/canonical.ts';
import { digest, formatDigest, isSameDigest } from '../../../core/digest.ts';
import { unreachable } from '../../../core/errors.ts';
import type { Effect, Outcome, StartRequest } from '../../../kernel/effect.ts';
import { postCalls, signal } from '../mail/post.ts';
import { callOf, internActor } from '../space.ts';
import type { Slot, Space } from '../space.ts';
import type { ActorValue, Call, Cell } from './cell.ts';
import { factCall } from './monitoring.ts';
import { editTimers } from './timer-groups.ts';
import type { TimerEdit } from './timer-groups.ts';

/** What a step does. */
export interface Reaction {
  /** The number of the actor afterwards. */
  readonly actor: number;
  readonly calls: readonly Call[];
  /** Whether nothing changed and nothing was sent. */
  readonly isNothing: boolean;
  readonly timers: readonly TimerEdit[];
}

/** What the event of that number does to the actor of that number. */
export function reactionTo(
  space: Space,
  slot: Slot,
  { actor: number, event: eventNumber }: { readonly actor: number; readonly event: number },
): Reaction {
  const byActor = (slot.reactions[eventNumber] ??= []);
  const known = byActor[number];
  if (known !== undefined) return known;
  const { actors, mechanics, outcomes, parcels } = space;
  const actor = actors.all[number] ?? nobody;
  const event = parcels.events.all[eventNumber] ?? { type: '' };
  const inward = mechanics.stepper.inward(event, slot.address);
  // What asks for its own id would answer otherwise elsewhere; relative references do not.
  const shared = `${number}|${formatDigest(digest(inward))}`;
  const site = { address: slot.address, logic: actor.logic };
  const outcome = outcomes.get(shared) ?? mechanics.stepper.step(site, actor.local, inward);
  if (outcome.readsId === undefined) outcomes.set(shared, outcome);
  const received = factCall(space, { actor: slot.address, event, type: 'received' });
  const made = reactionOf(space, slot, { actor, before: received, outcome });
  byActor[number] = made;
  return made;
}

/** What a start does; an actor that restarts has what was durable. */
export function reactionToStart(
  space: Space,
  slot: Slot,
  { durable, request }: { readonly durable?: unknown; readonly request: Omit<StartRequest, 'id'> },
): Reaction {
  const { input, logic, systemId } = request;
  const parts = [canonical({ input, logic, systemId }), durable].map((part) => digest(part));
  const key = `start|${parts.map(formatDigest).join('|')}`;
  const known = slot.starts.get(key);
  if (known !== undefined) return known;
  const { stepper } = space.mechanics;
  const outcome = stepper.start({ address: slot.address, logic }, input, durable);
  const name = systemId === undefined ? {} : { systemId };
  const actor: ActorValue = { local: outcome.local, logic, ...name };
  const before: readonly Call[] = [
    ...factCall(space, { actor: slot.address, type: 'started' }),
    ...(systemId === undefined
      ? []
      : [{ op: { name: systemId, type: 'give-alias' } as const, slot: slot.index }]),
  ];
  const made = reactionOf(space, slot, { actor, before, outcome });
  slot.starts.set(key, made);
  return made;
}

/** The cell after a step. */
export function react({ mechanics, parcels }: Space, cell: Cell, reaction: Reaction): Cell {
  const { actor, timers: edits } = reaction;
  if (edits.length === 0) return actor === cell.actor ? cell : { ...cell, actor };
  const rules = { isGrouped: mechanics.rules.time === 'untimed', table: parcels.timers.all };
  return { ...cell, actor, timers: editTimers(cell.timers, edits, rules) };
}

const nobody: ActorValue = { local: { status: 'done' }, logic: '' };

interface Taken {
  readonly actor: ActorValue;
  /** What comes before the effects. */
  readonly before: readonly Call[];
  readonly outcome: Outcome;
}

function reactionOf(space: Space, slot: Slot, { actor, before, outcome }: Taken): Reaction {
  const { effects, local } = outcome;
  const isSame = local === actor.local || isSameDigest(digest(local), digest(actor.local));
  return {
    actor: internActor(space, { ...actor, local }),
    calls: [
      ...before,
      ...effects.flatMap((effect) => callsOf(space, slot, effect)),
      ...(local.status === 'active' ? [] : endingCalls(space, slot, { actor, before, outcome })),
    ],
    isNothing: effects.length === 0 && isSame,
    timers: effects.flatMap((effect) => editsOf(space, slot, effect)),
  };
}

function editsOf(space: Space, slot: Slot, effect: Effect): readonly TimerEdit[] {
  if (effect.type === 'cancel') return [{ id: effect.id, type: 'cancel' }];
  if (effect.type !== 'schedule') return [];
  const { events, id, windows } = effect;
  const to = toAbsolute(effect.to, slot.address);
  const { mechanics, parcels } = space;
  const timer = parcels.timerOf({
    events: events.map((event) => mechanics.stepper.outward(event, slot.address)),
    ...(id === undefined ? {} : { id }),
    ...(mechanics.isDeclared(rootOf(to)) ? {} : { isAlias: true }),
    to,
    windows: [...new Set(windows)].toSorted((first, second) => first - second),
  });
  return [{ timer, type: 'set' }];
}

function callsOf(space: Space, slot: Slot, effect: Effect): readonly Call[] {
  const { isDeclared, stepper } = space.mechanics;
  const at = slot.address;
  switch (effect.type) {
    case 'send': {
      const event = stepper.outward(effect.event, at);
      return postCalls(space, { event, from: at, to: toAbsolute(effect.to, at) });
    }
    case 'schedule': {
      const name = toAbsolute(effect.to, at);
      const isKnown = isDeclared(rootOf(name));
      return isKnown ? [] : [{ op: { name, type: 'alias-timer' }, slot: slot.index }];
    }
    case 'start':
      return startCalls(space, slot, effect.start);
    case 'stop': {
      const child = space.slotOf(toAbsolute(effect.to, at));
      return [callOf(child, { parcel: signal(space, child, { type: 'stop' }), type: 'stop' })];
    }
    case 'emit':
      return factCall(space, {
        actor: at,
        event: stepper.outward(effect.event, at),
        type: 'emitted',
      });
    case 'act':
    case 'cancel':
    case 'log':
      return [];
    default:
      return unreachable(effect);
  }
}

function startCalls(space: Space, slot: Slot, start: StartRequest): readonly Call[] {
  const { stepper } = space.mechanics;
  const child = space.slotOf(childOf(slot.address, start.id));
  const input =
    start.input === undefined ? {} : { input: stepper.outward(start.input, slot.address) };
  const request = canonical({ ...start, ...input });
  const parcel = signal(space, child, { start: request, type: 'start' });
  return [callOf(child, { parcel, start: request, type: 'start' })];
}

/** An actor that has ended takes no more mail; a child is gone, and its parent is told last. */
function endingCalls(space: Space, slot: Slot, { actor, outcome }: Taken): readonly Call[] {
  const { stepper } = space.mechanics;
  const at = slot.address;
  const { error, status } = outcome.local;
  const failed = status === 'error' ? factCall(space, { actor: at, error, type: 'failed' }) : [];
  const parent = parentOf(at);
  // What threw had no chance to stop its children.
  const below: readonly Call[] =
    'threw' in outcome ? [{ op: { type: 'fell-below' }, slot: slot.index }] : [];
  const stopped = 'threw' in outcome ? factCall(space, { actor: at, type: 'stopped' }) : [];
  const name = actor.systemId;
  const unnamed: readonly Call[] =
    name === undefined ? [] : [{ op: { name, type: 'drop-alias' }, slot: slot.index }];
  const end = [...failed, ...below, ...unnamed, callOf(slot, { type: 'end' }), ...stopped];
  if (parent === undefined) return end;
  const event = stepper.outward(stepper.ended(lastName(at), outcome.local), at);
  return [
    ...end,
    ...postCalls(space, { event, from: at, to: parent }),
    callOf(slot, { type: 'start-waiting' }),
  ];
}
