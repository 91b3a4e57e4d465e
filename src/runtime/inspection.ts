/**
 * A run as XState's own inspection events, so that whatever inspects a live XState actor, `@statelyai/inspect`
 * for one, shows a run. The references in them are inert: a run is over, nothing can be sent to its actors.
 *
 * @see XState 5, "Inspection"; `inspection.ts`, `InspectionEvent`.
 */
import type { ActorRefLike, AnyActorLogic, InspectionEvent, Snapshot } from 'xstate';

import { lastName, parentOf } from '../core/address.ts';
import type { Address } from '../core/brand.ts';
import { unreachable } from '../core/errors.ts';
import { getIn } from '../core/persistent-map.ts';
import type { EventObject, Local } from '../kernel/effect.ts';
import type { Happening, Step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import type { System } from './system.ts';

/** Who is told: what XState's `inspect` option takes. */
export type InspectionObserver = (event: InspectionEvent) => void;

/**
 * Gives what `runSystem` and `replayTrace` take as `onStep`. Each actor is announced as it starts, with its
 * machine, below its parent or below the system itself; then come its events, snapshots and actions.
 */
export function inspection(
  system: System,
  observe: InspectionObserver,
): (step: Step, world: World) => void {
  const stage = createCast(system, observe);
  return (step, world) => {
    let cause: EventObject = { type: 'xstate.init' };
    for (const happening of step.happened) {
      cause = happening.type === 'received' ? happening.event : cause;
      for (const event of eventsOf(happening, { cast: stage, cause, step, world })) observe(event);
    }
  };
}

/** An actor as inspectors know one. */
interface InspectedRef {
  readonly _parent: InspectedRef | undefined;
  readonly getSnapshot: () => Snapshot<unknown> | undefined;
  readonly id: string;
  readonly logic: AnyActorLogic | undefined;
  readonly sessionId: string;
  readonly src: string;
}

interface Cast {
  readonly enter: (actor: Address, logic: string, world: World) => ActorRefLike;
  readonly of: (actor: Address) => ActorRefLike;
  readonly rootId: string;
}

function createCast(system: System, observe: InspectionObserver): Cast {
  const refs = new Map<string, InspectedRef>();
  const root: InspectedRef = {
    _parent: undefined,
    id: system.name,
    logic: undefined,
    src: system.name,
    getSnapshot: () => ({ error: undefined, output: undefined, status: 'active' }),
    sessionId: system.name,
  };
  const rootId = root.sessionId;
  const make = (actor: Address, src: string, snapshot?: Snapshot<unknown>): InspectedRef => {
    const parent = parentOf(actor);
    return {
      _parent: (parent === undefined ? undefined : refs.get(parent)) ?? root,
      getSnapshot: () => snapshot,
      id: lastName(actor),
      logic: system.logicOf(src),
      sessionId: actor,
      src,
    };
  };
  return {
    enter: (actor, logic, world) => {
      if (refs.size === 0) observe({ actorRef: refLike(root), rootId, type: '@xstate.actor' });
      const made = make(actor, logic, snapshotOf(world, actor));
      refs.set(actor, made);
      return refLike(made);
    },
    of: (actor) => refLike(refs.get(actor) ?? make(actor, 'unknown')),
    rootId,
  };
}

interface Scene {
  readonly cast: Cast;
  /** What the actor of the step received last. */
  readonly cause: EventObject;
  readonly step: Step;
  readonly world: World;
}

function eventsOf(
  happening: Happening,
  { cast, cause, step, world }: Scene,
): readonly InspectionEvent[] {
  const { rootId } = cast;
  switch (happening.type) {
    case 'started': {
      const actorRef = cast.enter(happening.actor, happening.logic, world);
      return [{ actorRef, rootId, type: '@xstate.actor' }];
    }
    case 'received': {
      const { choice } = step;
      const sourceRef = choice?.type === 'deliver' ? cast.of(choice.from) : undefined;
      const actorRef = cast.of(happening.actor);
      return [{ actorRef, event: happening.event, rootId, sourceRef, type: '@xstate.event' }];
    }
    case 'moved':
      return [
        {
          actorRef: cast.of(happening.actor),
          event: cause,
          rootId,
          snapshot: asSnapshot(happening.after),
          type: '@xstate.snapshot',
        },
      ];
    case 'acted': {
      const { actor, name, params } = happening;
      return [
        {
          action: { params, type: name },
          actorRef: cast.of(actor),
          rootId,
          type: '@xstate.action',
        },
      ];
    }
    // Inspectors have no words for these.
    case 'cancelled':
    case 'emitted':
    case 'failed':
    case 'logged':
    case 'lost':
    case 'scheduled':
    case 'sent':
    case 'stopped':
      return [];
    default:
      return unreachable(happening);
  }
}

function snapshotOf(world: World, actor: Address): Snapshot<unknown> | undefined {
  const local = getIn(world.actors, actor)?.local;
  return local === undefined ? undefined : asSnapshot(local);
}

/** Inspectors read what a reference is; they never send to it. */
function refLike(ref: InspectedRef): ActorRefLike {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an inert one, which has no `send`
  return ref as unknown as ActorRefLike;
}

/** A local state holds what XState's snapshot of the actor holds. */
function asSnapshot(local: Local): Snapshot<unknown> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the runtime made it of a snapshot
  return local as unknown as Snapshot<unknown>;
}
