/** What a step of an actor does to the world: its new local state, and its effects in order. */
import { childOf, lastName, parentOf, toAbsolute } from '../core/address.ts';
import { address } from '../core/brand.ts';
import type { Address } from '../core/brand.ts';
import { invariant, SimulationError, unreachable } from '../core/errors.ts';
import { getIn, hasIn, setIn } from '../core/persistent-map.ts';
import {
  closeFrame,
  nextName,
  openFrame,
  post,
  putActor,
  putLocal,
  removeActor,
  removeTree,
  take,
} from './draft.ts';
import type { Draft } from './draft.ts';
import type { Effect, EventObject, Local, Outcome, StartRequest } from './effect.ts';
import { cancelTimer, setTimer } from './timers.ts';
import { linkKey } from './world.ts';
import type { Actor } from './world.ts';

/**
 * Starts declared actors as if one parent spawned them: each has done its first step before the mail
 * of any of them is read.
 */
export function startDeclared(draft: Draft, all: readonly DeclaredStart[]): void {
  openFrame(draft, environment);
  for (const { at, request } of all) startActor(draft, at, request);
  closeFrame(draft);
}

/** A declared actor, and what it starts with. */
export interface DeclaredStart {
  readonly at: Address;
  readonly request: ActorRequest;
}

/** What starts the declared actors; no actor has this address. */
const environment = address('');

/** Starts an actor: it exists from now on, and its first step is done. */
function startActor(draft: Draft, at: Address, request: ActorRequest): void {
  const { logic, input, systemId, durable } = request;
  const outcome = draft.mechanics.stepper.start({ address: at, logic }, input, durable);
  draft.happened.push({ type: 'started', actor: at, logic });
  if (systemId !== undefined) giveAlias(draft, at, systemId);
  commit(draft, at, {
    actor: actorOf(logic, outcome.local, systemId),
    outcome,
  });
}

/** Of two actors with one other name the first must be about to stop: then the name is the second's. */
function giveAlias(draft: Draft, at: Address, systemId: string): void {
  const { mechanics, world } = draft;
  const holder = getIn(world.aliases, systemId);
  invariant(
    !mechanics.isDeclared(address(systemId)) &&
      (holder === undefined || holder === at || isStopping(draft, holder)),
    'kernel/duplicate-system-id',
    `"${at}" starts with the systemId "${systemId}", which ` +
      `"${holder ?? systemId}" has. Stop that one first, or give one of them another.`,
  );
  world.aliases = setIn(world.aliases, systemId, at);
}

/** Whether an actor, or one above it, has still to carry out a stop. */
function isStopping(draft: Draft, at: Address): boolean {
  const parent = parentOf(at);
  if (parent === undefined) return false;
  const waiting = getIn(draft.world.links, linkKey(parent, at));
  return (
    waiting?.queue.some(({ content }) => content.type === 'stop') === true ||
    isStopping(draft, parent)
  );
}

/** What `startActor` is told: a child's request, or a declared actor and what survived of it. */
export type ActorRequest = Omit<StartRequest, 'id'> & { readonly durable?: unknown };

/** Gives an actor an event with absolute references and carries out what comes of it. */
export function stepActor(draft: Draft, at: Address, event: EventObject): void {
  const actor = getIn(draft.world.actors, at);
  if (actor === undefined || actor.local.status !== 'active') {
    throw new SimulationError('kernel/no-actor', `"${at}" is not running and cannot take a step.`);
  }
  takeStep(draft, at, { actor, event });
}

/** An actor that is running, and what it is given. */
export interface Given {
  readonly actor: Actor;
  readonly event: EventObject;
}

/** The same for an actor that was found already. */
export function takeStep(draft: Draft, at: Address, { actor, event }: Given): void {
  const { stepper } = draft.mechanics;
  draft.happened.push({ type: 'received', actor: at, event });
  const outcome = stepper.step(
    { address: at, logic: actor.logic },
    actor.local,
    stepper.inward(event, at),
  );
  if (outcome.local === actor.local) {
    commit(draft, at, { actor, outcome });
    return;
  }
  draft.happened.push({ type: 'moved', actor: at, before: actor.local, after: outcome.local });
  const { logic, systemId } = actor;
  commit(draft, at, { actor: actorOf(logic, outcome.local, systemId), outcome });
}

function actorOf(logic: string, local: Local, systemId: string | undefined): Actor {
  return systemId === undefined ? { local, logic } : { local, logic, systemId };
}

interface Commitment {
  readonly actor: Actor;
  readonly outcome: Outcome;
}

function commit(draft: Draft, at: Address, { actor, outcome }: Commitment): void {
  openFrame(draft, at);
  putActor(draft, at, actor);
  for (const effect of outcome.effects) perform(draft, at, effect);
  if (outcome.local.status !== 'active') end(draft, at, { actor, outcome });
  closeFrame(draft);
}

/** An actor that has ended takes no more mail; a child is gone, and its parent is told last. */
function end(draft: Draft, at: Address, { actor, outcome }: Commitment): void {
  const parent = parentOf(at);
  if (outcome.local.status === 'error') {
    draft.happened.push({ type: 'failed', actor: at, error: outcome.local['error'] });
  }
  // What threw had no chance to stop its children.
  if ('threw' in outcome) removeTree(draft, at);
  else removeActor(draft, at, 'waits');
  if (parent === undefined) {
    putActor(draft, at, actor);
    return;
  }
  const { stepper } = draft.mechanics;
  const event = stepper.outward(stepper.ended(lastName(at), outcome.local), at);
  post(draft, { from: at, to: parent, event });
  startWaiting(draft, at);
}

function perform(draft: Draft, at: Address, effect: Effect): void {
  switch (effect.type) {
    case 'send':
      post(draft, {
        from: at,
        to: resolve(draft, at, effect.to),
        event: draft.mechanics.stepper.outward(effect.event, at),
      });
      return;
    case 'schedule':
      setTimer(draft, at, { ...effect, to: resolve(draft, at, effect.to) });
      return;
    case 'cancel':
      cancelTimer(draft, at, effect.id);
      return;
    case 'start':
      requestStart(draft, at, absoluteStart(draft, at, effect.start));
      return;
    case 'stop':
      requestStop(draft, at, resolve(draft, at, effect.to));
      return;
    case 'emit':
      draft.happened.push({
        type: 'emitted',
        actor: at,
        event: draft.mechanics.stepper.outward(effect.event, at),
      });
      return;
    case 'act':
      draft.happened.push({ ...effect, type: 'acted', actor: at });
      return;
    case 'log':
      draft.happened.push({ ...effect, type: 'logged', actor: at });
      return;
    default:
      unreachable(effect);
  }
}

function absoluteStart(draft: Draft, parent: Address, start: StartRequest): StartRequest {
  if (start.input === undefined) return start;
  return { ...start, input: draft.mechanics.stepper.outward(start.input, parent) };
}

/** A child starts at once, unless its predecessor of that name has still to be stopped. */
function requestStart(draft: Draft, parent: Address, start: StartRequest): void {
  const child = childOf(parent, start.id);
  if (!hasIn(draft.world.actors, child)) {
    startActor(draft, child, start);
    return;
  }
  const waiting = getIn(draft.world.links, linkKey(parent, child));
  invariant(
    waiting?.queue.some(({ content }) => content.type === 'stop') === true,
    'kernel/duplicate-child',
    `"${parent}" starts a child "${start.id}" while one of that name is running. ` +
      'Stop the old one first, or give the new one another id.',
  );
  const name = nextName(draft, parent, child);
  putLocal(draft, { content: { start, type: 'start' }, from: parent, name, to: child });
}

/** A stop travels behind what the parent sent before; what has ended already needs none. */
function requestStop(draft: Draft, parent: Address, child: Address): void {
  if (!hasIn(draft.world.actors, child)) return;
  const name = nextName(draft, parent, child);
  putLocal(draft, { content: { type: 'stop' }, from: parent, name, to: child });
}

/** Carries out a parent's `stop`: the child and all below it are gone, and its successor may start. */
export function stopActor(draft: Draft, at: Address): void {
  openFrame(draft, at);
  removeTree(draft, at);
  startWaiting(draft, at);
  closeFrame(draft);
}

/** Starts the successor that waited behind the end of its predecessor. */
function startWaiting(draft: Draft, at: Address): void {
  const parent = parentOf(at);
  const link = parent && getIn(draft.world.links, linkKey(parent, at));
  const next = link?.queue[0];
  if (link === undefined || next?.content.type !== 'start') return;
  take(draft, link, next.seq);
  startActor(draft, at, next.content.start);
}

/** `system.get(name)` may name a declared actor, a child by its systemId, or nobody. */
function resolve(draft: Draft, at: Address, to: string): Address {
  const target = toAbsolute(to, at);
  if (draft.mechanics.isDeclared(target) || hasIn(draft.world.actors, target)) return target;
  return getIn(draft.world.aliases, target) ?? target;
}
