/**
 * A search of several threads, as the one sees it that leads. All look up their worlds in one table and
 * take them from one frontier, level by level. What has to be learned the leader learns, with the numbers
 * that this gives; the others do as it did, and give it every world that asks for more than they know.
 */
import { limitsOf } from '../exhaustive/limits.ts';
import type { Limit } from '../exhaustive/limits.ts';
import type { Origins } from '../exhaustive/origins.ts';
import type { Progress, SearchOptions } from '../exhaustive/survey.ts';
import type { Watch } from '../exhaustive/watch.ts';
import type { Visited } from '../interned/visited.ts';
import type { Walker } from '../interned/walker.ts';
import { word } from './control.ts';
import { createDesk } from './desk.ts';
import { chunkSize } from './shared-frontier.ts';
import type { Team } from './team.ts';

/** What a search of one thread has come to, which is to go on with several. */
export interface Lead {
  readonly depth: number;
  readonly options: SearchOptions;
  readonly origins: Origins;
  readonly team: Team;
  readonly transitions: number;
  readonly visited: Visited;
  readonly walker: Walker;
  readonly watch: Watch;
  /** Worlds from this number on are of the next level. */
  readonly levelEnd: number;
}

/** What came of it. */
export interface Led extends Progress {
  readonly bytes: number;
  readonly limit: Limit | undefined;
  /** Of the worlds of all threads. */
  readonly origins: Origins;
  readonly threads: number;
}

const progressEvery = 1 << 16;

/** Goes on with what one thread has begun. */
export function lead(begun: Lead): Led {
  const { options, team, watch } = begun;
  const { control, crew, helpers } = team;
  const desk = createDesk(begun);
  const { hands } = desk;
  const limits = limitsOf(options, {
    bytes: desk.bytes,
    size: hands.states,
    sizeMost: hands.states,
  });
  let depth = begun.depth;
  let limit: Limit | undefined;
  let expanded = 0;
  const progress = (): Progress => ({
    depth,
    states: hands.states(),
    transitions: desk.transitions(),
    waiting: hands.waiting(),
  });
  /** Works until the level is through; whether the search is over then. */
  const isOverInLevel = (): boolean => {
    for (;;) {
      crew.turn();
      const seen = Atomics.load(control, word.signal);
      const isAlone = hands.areHalted();
      let count = 0;
      for (const { post } of helpers) {
        for (let place = post.take(); place >= 0; place = post.take()) {
          count += 1;
          if (desk.isBrokenAt(place)) return true;
        }
      }
      if (Atomics.load(control, word.halt) !== 0) {
        hands.halt();
        hands.goOn();
        continue;
      }
      const start = Atomics.add(control, word.claimed, 1) * chunkSize;
      const end = Math.min(start + chunkSize, control[word.levelEnd] ?? 0);
      for (let place = start; place < end; place += 1) if (desk.isBrokenAt(place)) return true;
      count += Math.max(0, end - start);
      desk.settle();
      limit = count === 0 ? undefined : limits.reached(1);
      if (limit !== undefined) return true;
      if (count > 0) team.teach();
      else if (isAlone) return false;
      else hands.patience.rest(seen);
      const before = expanded;
      expanded += count;
      if (((before ^ expanded) & progressEvery) !== 0) options.onProgress?.(progress());
    }
  };
  hands.goOn();
  while (!isOverInLevel()) {
    if ((control[word.nextEnd] ?? 0) === 0) break;
    if (depth >= limits.depthMax) {
      limit = 'depth-max';
      break;
    }
    depth += 1;
    hands.nextLevel();
    hands.goOn();
  }
  desk.settle();
  hands.halt();
  const last = { ...progress(), bytes: desk.bytes(), threads: helpers.length + 1 };
  return { ...last, limit, origins: desk.origins(hands.dismiss(watch.broken().length > 0)) };
}
