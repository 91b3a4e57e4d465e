import { digest, formatDigest } from '../../../src/core/digest.ts';
import type { Label } from '../../../src/explore/interned/cells/cell.ts';
import type { Space } from '../../../src/explore/interned/space.ts';
import { createWalker } from '../../../src/explore/interned/steps/walker.ts';
import { describeChoice, SimulationError } from '../../../src/index.ts';
import type { Choice, System, World } from '../../../src/index.ts';
import { contentsOfVector, contentsOfWorld } from './contents.ts';

/** The worlds at one distance from the start, told by what they hold, and what they offer. */
export interface Level {
  /** How often each choice is offered. */
  readonly choices: Readonly<Record<string, number>>;
  /** Worlds that cannot be expanded, because a machine does what is an error: they end the search. */
  readonly mistakes: number;
  /** Worlds in which the system has nothing left to do of its own. */
  readonly quiet: number;
  readonly worlds: readonly string[];
}

/** Levels by `choices` and `apply`; worlds are told apart by their hashes alone. */
export function plainLevels(system: System, statesMax: number): readonly Level[] {
  return levelsOf<World>(statesMax, {
    contentsOf: (world) => contentsOfWorld(system, world),
    expand: (world) =>
      system.choices(world).map((choice) => ({
        isExternal: !('planned' in choice) && choice.type !== 'deliver' && choice.type !== 'fire',
        name: nameOf(choice),
        after: system.apply(world, choice).world,
      })),
    first: () => system.start().world,
    keyOf: (world) => system.hash(world),
  });
}

/** Levels by the walker over interned worlds; worlds are told apart by their vectors alone. */
export function internedLevels(system: System, statesMax: number): readonly Level[] {
  const walker = createWalker(system.mechanics);
  const { change, space } = walker;
  return levelsOf<Int32Array>(statesMax, {
    contentsOf: (vector) => contentsOfVector(space, vector),
    expand: (vector) => {
      const found: Successor<Int32Array>[] = [];
      walker.expand(vector, ({ isExternal, label }) => {
        const after = Int32Array.from(space.slots, (_, slot) => change.at(slot));
        found.push({ isExternal, name: nameOfLabel(space, label), after });
      });
      return found;
    },
    first: () => walker.first(),
    keyOf: (vector) => vector.join().replace(/(?:,0)+$/, ''),
  });
}

/** Where two searches first disagree: what only one of them has. */
export function differenceOf(plain: readonly Level[], interned: readonly Level[]): unknown {
  const depth = plain.findIndex(
    (level, index) => JSON.stringify(level) !== JSON.stringify(interned[index]),
  );
  const [one, other] = [plain[depth], interned[depth]];
  if (one === undefined || other === undefined) {
    const lengths = [plain.length, interned.length];
    return lengths[0] === lengths[1] ? undefined : { lengths };
  }
  return {
    depth,
    onlyInterned: without(other, one),
    onlyPlain: without(one, other),
    mistakes: [one.mistakes, other.mistakes],
    quiet: [one.quiet, other.quiet],
  };
}

function without(one: Level, other: Level): unknown {
  const worlds = new Set(other.worlds);
  return {
    choices: Object.entries(one.choices).filter(([name, count]) => other.choices[name] !== count),
    worlds: one.worlds.filter((world) => !worlds.has(world)).slice(0, 3),
  };
}

interface Successor<State> {
  readonly after: State;
  readonly isExternal: boolean;
  readonly name: string;
}

interface Path<State> {
  readonly contentsOf: (state: State) => string;
  readonly expand: (state: State) => readonly Successor<State>[];
  readonly first: () => State;
  readonly keyOf: (state: State) => string;
}

function levelsOf<State>(statesMax: number, path: Path<State>): readonly Level[] {
  const levels: Level[] = [];
  const first = withoutMistake(() => path.first());
  if (first === undefined) return levels;
  const seen = new Set([path.keyOf(first)]);
  let frontier: readonly State[] = [first];
  while (frontier.length > 0 && seen.size <= statesMax && (levels.at(-1)?.mistakes ?? 0) === 0) {
    const next: State[] = [];
    const choices = new Map<string, number>();
    let quiet = 0;
    let mistakes = 0;
    for (const state of frontier) {
      const all = withoutMistake(() => path.expand(state));
      mistakes += all === undefined ? 1 : 0;
      if (all?.every(({ isExternal }) => isExternal)) quiet += 1;
      for (const { after, name } of all ?? []) {
        choices.set(name, (choices.get(name) ?? 0) + 1);
        const key = path.keyOf(after);
        if (!seen.has(key)) next.push(after);
        seen.add(key);
      }
    }
    const worlds = frontier.map((state) => path.contentsOf(state)).toSorted();
    levels.push({ choices: sorted(choices), mistakes, quiet, worlds });
    frontier = next;
  }
  return levels;
}

/** What `run` gives, unless the system is a mistake. */
function withoutMistake<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof SimulationError) return undefined;
    throw error;
  }
}

function sorted(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function nameOf(choice: Choice): string {
  const after = 'after' in choice && choice.after > 0 ? ` +${choice.after}` : '';
  const planned = 'planned' in choice ? ' as planned' : '';
  const what = 'event' in choice ? ` ${formatDigest(digest(choice.event))}` : '';
  // A plan heals whatever is cut, if anything is.
  const text = choice.type === 'heal' ? 'heal' : describeChoice(choice);
  return `${text}${what}${after}${planned}`;
}

function nameOfLabel(space: Space, label: Label): string {
  return nameOf(choiceLike(space, label) as Choice);
}

/** As much of a choice as its name is made of. */
function choiceLike(space: Space, label: Label): object {
  const { parcels, slots } = space;
  const { after, type } = label;
  switch (type) {
    case 'deliver':
    case 'drop':
    case 'duplicate': {
      const parcel = parcels.parcels.all[label.parcel];
      const content = parcel?.content;
      const event = content?.type === 'event' ? content.event : { type: `xstate.${content?.type}` };
      return { after, event, from: parcel?.from, to: parcel?.to, type };
    }
    case 'fire':
    case 'early': {
      const event = parcels.timers.all[label.group[0] ?? -1]?.events[label.outcome];
      return { actor: slots[label.slot]?.address, after, event, type };
    }
    case 'input': {
      const declared = slots[label.slot]?.declared;
      return { actor: declared?.address, event: declared?.inputs[label.input]?.event, type };
    }
    default: {
      const { isPlanned, subject, type: fault } = label.change;
      const planned = isPlanned ? { planned: true } : {};
      return { after, node: subject, partition: subject, type: fault, ...planned };
    }
  }
}
