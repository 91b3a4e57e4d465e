/** All that may come after some worlds of a run, as a graph that grows from the end of the run backwards. */
import { viewOfWorld } from '../../../explore/view-of-world.ts';
import type { World } from '../../../kernel/world.ts';
import type { System } from '../../../runtime/system.ts';
import type { Place } from './chances.ts';
import type { Judge, Phase } from './judge.ts';
import { turnsIn } from './turns.ts';

/** The graph so far. */
export interface Continuations {
  /** Of the worlds that were looked at in full: no way leads out of them. */
  readonly places: () => readonly Place[];
  /**
   * Looks at all that may come after a world. Rests after each world.
   *
   * @returns the place of that world; `undefined` where there are too many, and then it must not be asked again.
   */
  readonly look: (world: World, phase: Phase) => Generator<undefined, number | undefined>;
}

/** Begins with nothing. */
export function createContinuations(
  { judge, system }: { readonly judge: Judge; readonly system: System },
  worldsMax: number,
): Continuations {
  const numbers = new Map<string, number>();
  const places: Place[] = [];
  let whole = 0;
  return {
    look: function* look(from, phaseFrom) {
      const open: { readonly phase: Phase; readonly world: World }[] = [];
      const numberOf = (world: World, phase: Phase): number => {
        const key = `${phase} ${system.hash(world)}`;
        const known = numbers.get(key);
        if (known !== undefined) return known;
        numbers.set(key, numbers.size);
        open.push({ phase, world });
        return numbers.size - 1;
      };
      const first = numberOf(from, phaseFrom);
      for (let at = 0; at < open.length; at += 1) {
        const found = open[at];
        if (found === undefined || numbers.size > worldsMax) return undefined;
        const { phase, world } = found;
        const ends = endsOf(system, world, phase);
        const isOver = phase === 'fails' || phase === 'passes' || isOutside(system, world);
        const next = isOver
          ? []
          : turnsIn(system, world).map((choice) => {
              const { world: after } = system.apply(world, choice);
              return numberOf(after, judge(phase, after));
            });
        places.push({ ends, isOwing: phase === 'owing', next });
        yield undefined;
      }
      whole = places.length;
      return first;
    },
    places: () => places.slice(0, whole),
  };
}

/** How a run may end in a world: as it is decided, or by coming to rest there, for inputs are never owed. */
export function endsOf(system: System, world: World, phase: Phase): Place['ends'] {
  if (phase === 'fails' || phase === 'passes') return [phase];
  if (isOutside(system, world)) return ['passes'];
  if (system.dullest(world) !== undefined) return [];
  return [phase === 'owing' ? 'fails' : 'passes'];
}

/** What lies beyond the bounds of a system is not judged. */
function isOutside({ definition, mechanics }: System, world: World): boolean {
  return definition.within?.(viewOfWorld(mechanics.rules, world)) === false;
}
