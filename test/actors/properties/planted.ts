/** Worlds that went wrong by somebody's hand: how an invariant shows that it has teeth. */
import type { Happened } from '../../../actors/properties/happened.ts';
import type { TokenHolders } from '../../../actors/properties/token-holders.ts';
import type { WatchedPasses } from '../../../actors/properties/watched-passes.ts';
import { workersOf } from '../../../actors/view.ts';
import { sharingAmongUsers } from '../../../examples/tutorials/sharing.ts';
import { tracedCall } from '../../../examples/tutorials/traced-call.ts';
import type { WorkerContext } from '../../../machines/rpc/context.ts';
import { viewOfWorld } from '../../../src/explore/view-of-world.ts';
import { defineSystem, runSystem } from '../../../src/index.ts';
import type { Property, View, World } from '../../../src/index.ts';

/** What is amiss. */
export interface Plant {
  /** A worker that is amiss; nothing where it is not in a state in which that could be. */
  readonly worker?: (worker: WorkerContext) => Partial<WorkerContext> | undefined;
  /** What is said to have happened. */
  readonly past?: Partial<Happened & TokenHolders & WatchedPasses>;
  /** Actors that are not there. */
  readonly actors?: (worker: WorkerContext) => Readonly<Record<string, object>>;
}

/** What an invariant says of a world, and of the same one with something amiss. */
export interface Judged {
  readonly amiss: boolean;
  readonly asItIs: boolean;
}

const systems = [sharingAmongUsers(), tracedCall()].map((definition) => defineSystem(definition));

/** Looks for a world in which it could be so, in runs without any fault. */
export function judge(name: string, plant: Plant): Judged {
  for (const system of systems) {
    const property = system.definition.properties?.find((each) => each.name === name);
    const holds = property === undefined ? undefined : predicateOf(property);
    if (holds === undefined) break;
    const { world } = runSystem(system, {
      until: (now) =>
        (property?.type === 'always' || system.choices(now).length === 0) &&
        amissIn(now, plant) !== undefined,
    });
    const amiss = amissIn(world, plant);
    if (amiss === undefined) continue;
    const view = viewOfWorld(system.mechanics.rules, world);
    return { amiss: holds(withAmiss(view, amiss, plant)), asItIs: holds(view) };
  }
  throw new Error(`No world is found for the plant of ${name}.`);
}

function predicateOf(property: Property): ((view: View) => boolean) | undefined {
  return property.type === 'always' || property.type === 'atQuiescence'
    ? property.holds
    : undefined;
}

interface Amiss {
  readonly actors: Readonly<Record<string, object>>;
  readonly worker: WorkerContext;
}

function amissIn(world: World, { actors, worker: change }: Plant): Amiss | undefined {
  for (const worker of workersOf(world)) {
    const changed = change === undefined ? {} : change(worker);
    if (changed !== undefined) {
      return { actors: actors?.(worker) ?? {}, worker: { ...worker, ...changed } };
    }
  }
  return undefined;
}

function withAmiss(view: View, { actors, worker }: Amiss, { past }: Plant): View {
  const contexts: Readonly<Record<string, object>> = { ...actors, [worker.name]: worker };
  return {
    ...view,
    actor: (address) => {
      const context = contexts[address];
      if (context === undefined) return view.actor(address);
      // cast -- a context is a record
      return {
        error: undefined,
        output: undefined,
        status: 'active',
        value: {},
        ...view.actor(address),
        context: context as Readonly<Record<string, unknown>>,
      };
    },
    monitor: (name) =>
      past === undefined ? view.monitor(name) : { ...(view.monitor(name) as Happened), ...past },
  };
}
