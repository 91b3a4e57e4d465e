/** A run that goes round: the worlds of a turn, and the same turn after another beginning. */
import { invariant } from '../../core/errors.ts';
import type { Choice } from '../../kernel/choice.ts';
import { runSystem } from '../../kernel/run.ts';
import type { Run } from '../../kernel/run.ts';
import type { World } from '../../kernel/world.ts';
import type { System } from '../../runtime/system.ts';
import type { Loop } from '../violation.ts';
import type { Model } from './aim.ts';
import { dullestOf, sizeOf } from './course.ts';
import type { Course, Taken } from './course.ts';
import { matchOf } from './match.ts';

/** The worlds of a run, made again from its tape. */
export function modelOf(system: System, run: Pick<Run, 'steps' | 'tape'>, loop?: Loop): Model {
  const hashes: string[] = [];
  const { world } = runSystem(system, {
    onStep: (_, next) => {
      if (loop !== undefined) hashes.push(system.hash(next));
    },
    replay: 'tolerant',
    stepsMax: run.steps.length - 1,
    tape: run.tape,
  });
  // The world after the last step is the one before the first of the turn.
  return { last: world, round: loop === undefined ? [] : hashes.slice(loop.from - 1, -1) };
}

/** A turn: its worlds, and what was taken in each of them. */
export interface Turn {
  readonly choices: readonly Choice[];
  readonly hashes: readonly string[];
}

/** The course, and from its last world once round. */
export function goneRound(system: System, course: Course, { choices, hashes }: Turn): Course {
  const taken: Taken[] = [...course.taken];
  const worlds: World[] = [...course.worlds];
  const moods = [...course.moods];
  let world = worlds.at(-1) ?? system.start().world;
  const first = hashes.indexOf(system.hash(world));
  for (let place = 0; place < hashes.length; place += 1) {
    const now = (first + place) % hashes.length;
    const to = hashes[(now + 1) % hashes.length];
    const offered = system.choices(world);
    const leading = offered.filter(
      (choice) => system.hash(system.apply(world, choice).world) === to,
    );
    const before = choices[now];
    const choice = (before && matchOf(leading, before)) ?? leading[0];
    invariant(
      choice !== undefined,
      'explore/not-repeatable',
      'A turn that was taken once cannot be taken again from the same world. A machine is not ' +
        'deterministic: look for a module variable, a clock or a random number.',
    );
    const applied = system.apply(world, choice);
    ({ world } = applied);
    taken.push({ choice, dull: dullestOf(offered), happened: applied.step.happened });
    worlds.push(world);
    moods.push('met');
  }
  return { moods, size: sizeOf(taken), taken, worlds };
}
