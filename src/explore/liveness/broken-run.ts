/** Whether one run breaks what is said of whole runs: by ending, or by going round fairly for ever. */
import type { Run } from '../../kernel/run.ts';
import type { World } from '../../kernel/world.ts';
import type { LivenessProperty } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import type { Move } from '../interned/cells/cell.ts';
import { choiceOf } from '../interned/steps/label.ts';
import { createWalker } from '../interned/steps/walker.ts';
import type { Walker } from '../interned/steps/walker.ts';
import { asked } from '../verdict.ts';
import { viewOfWorld } from '../view-of-world.ts';
import type { Loop } from '../violation.ts';
import { createDuties } from './duties.ts';

/** Why a run does not break a property, or `undefined` where it does. */
export function whyKept(
  system: System,
  property: LivenessProperty,
  { loop, run }: { readonly loop?: Loop | undefined; readonly run: Run },
): string | undefined {
  const worlds = worldsOf(system, run);
  const last = worlds.at(-1);
  if (last === undefined) return 'it has no worlds';
  const since = waitingSince(system, property, worlds);
  if (since === undefined) return 'what is waited for comes, or nothing is waited for';
  if (loop === undefined) {
    return system.dullest(last) === undefined ? undefined : 'something is left to do at its end';
  }
  const first = worlds[loop.from - 1];
  if (first === undefined || system.hash(first) !== system.hash(last)) {
    return `the world after its last step is not the one before step ${loop.from}`;
  }
  return isFair(system, worlds, loop)
    ? undefined
    : `what comes round from step ${loop.from} on puts something off for ever that is owed all the while`;
}

/** All worlds of a run, the first being that before any choice. */
function worldsOf(system: System, { steps }: Run): readonly World[] {
  let { world } = system.start();
  const worlds = [world];
  for (const { choice } of steps) {
    if (choice === undefined) continue;
    ({ world } = system.apply(world, choice));
    worlds.push(world);
  }
  return worlds;
}

/** The place of the world from which on the property waits to the end. */
function waitingSince(
  { mechanics: { rules } }: System,
  property: LivenessProperty,
  worlds: readonly World[],
): number | undefined {
  const views = worlds.map((world) => viewOfWorld(rules, world));
  if (property.type === 'eventually') {
    const comes = asked(property.name, property.holds);
    return views.some(comes) ? undefined : 0;
  }
  const [opens, comes] = [asked(property.name, property.from), asked(property.name, property.to)];
  let since: number | undefined;
  for (const [place, view] of views.entries()) {
    if (since === undefined && opens(view)) since = place;
    if (since !== undefined && comes(view)) since = undefined;
  }
  return since;
}

/** Whether each duty of a turn is done in it, or is none in one of its worlds. */
function isFair(system: System, worlds: readonly World[], { from }: Loop): boolean {
  const walker = createWalker(system.mechanics);
  const duties = createDuties(walker);
  let vector = walker.first();
  let left: ReadonlySet<number> | undefined;
  const done = new Set<number>();
  for (const [place, world] of worlds.entries()) {
    const isTurning = place >= from - 1;
    if (isTurning) {
      const here = duties.at(vector);
      left = left === undefined ? here : new Set([...left].filter((duty) => here.has(duty)));
    }
    const next = worlds[place + 1];
    if (next === undefined) break;
    const step = stepTo(system, walker, { next, vector, world });
    if (step === undefined) return false;
    if (isTurning) done.add(duties.of(step.move));
    ({ vector } = step);
  }
  return [...(left ?? [])].every((duty) => done.has(duty));
}

interface Place {
  readonly next: World;
  readonly vector: Int32Array;
  readonly world: World;
}

interface Stepped {
  readonly move: Move;
  readonly vector: Int32Array;
}

/** The move that leads from one world of the kernel to the next. */
function stepTo(
  system: System,
  { change, expand, space }: Walker,
  { next, vector, world }: Place,
): Stepped | undefined {
  const wanted = system.hash(next);
  const choices = system.choices(world);
  const found: Stepped[] = [];
  expand(vector, (move) => {
    if (found.length > 0) return;
    const choice = choiceOf(space, move.label, { choices, world });
    if (choice === undefined || system.hash(system.apply(world, choice).world) !== wanted) return;
    found.push({ move, vector: Int32Array.from(space.slots, (_, slot) => change.at(slot)) });
  });
  return found[0];
}
