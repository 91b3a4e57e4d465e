/** The first of the three levels: a smaller system that breaks the same property. */
import { invariant } from '../../core/errors.ts';
import { runSystem } from '../../kernel/run.ts';
import type { Run } from '../../kernel/run.ts';
import type { Property } from '../../runtime/property.ts';
import { defineSystem } from '../../runtime/system.ts';
import type { System } from '../../runtime/system.ts';
import { aimOf } from './aim.ts';
import { attempt } from './attempt.ts';
import { dullestFirst, tapeOf } from './course.ts';
import { createRehearsal } from './rehearsal.ts';
import { shrink } from './shrink.ts';
import type { Shrunk, ShrinkOptions } from './shrink.ts';

/** What to shrink, and which systems are smaller. */
export interface ShrinkProgramOptions<Program> extends ShrinkOptions {
  /** The program, as whoever asks knows it: parameters, user code. */
  readonly program: Program;
  /** Smaller programs to try instead of one, the smallest first. */
  readonly smaller: (program: Program) => Iterable<Program>;
  /** The system of a program; a program whose system cannot be made is passed over. */
  readonly systemOf: (program: Program) => System;
}

/** The smallest program that was found, and the smallest run of it. */
export interface ShrunkProgram<Program> extends Shrunk {
  readonly program: Program;
  readonly property: Property;
  readonly system: System;
}

/** Programs that are tried, at most. */
const programsMax = 1_000;

/**
 * Shrinks a program and its run. A smaller program is taken where what was chosen still breaks the property
 * of the same name, as far as it is offered, or where a run that is no larger does.
 *
 * @throws {SimulationError} whatever `shrink` throws for the program that came in;
 * `explore/nothing-to-shrink` for a run that goes round, or that others must agree with.
 */
export function shrinkProgram<Program>(
  system: System,
  options: ShrinkProgramOptions<Program>,
): ShrunkProgram<Program> {
  const { program, smaller, systemOf, ...rest } = options;
  invariant(
    rest.loop === undefined && !rest.property.type.startsWith('agree'),
    'explore/nothing-to-shrink',
    `What breaks "${rest.property.name}" is one of its own worlds or another run of this very system, so ` +
      'no other system breaks it in the same way. Shrink its run alone.',
  );
  let best: ShrunkProgram<Program> = {
    ...shrink(system, rest),
    program,
    property: options.property,
    system,
  };
  for (let tried = 0; ;) {
    let found: ShrunkProgram<Program> | undefined;
    for (const next of smaller(best.program)) {
      tried += 1;
      if (tried > programsMax) return { ...best, complete: false };
      found = broken(systemOf, next, { best, rest });
      if (found !== undefined) break;
    }
    if (found === undefined) return best;
    best = found;
  }
}

interface Known<Program> {
  readonly best: ShrunkProgram<Program>;
  readonly rest: ShrinkOptions;
}

/** The smallest run of a program that breaks the property, if one does. */
function broken<Program>(
  systemOf: (program: Program) => System,
  program: Program,
  { best, rest }: Known<Program>,
): ShrunkProgram<Program> | undefined {
  // A program that cannot be made is none.
  const system = attempt(() => systemOf(program));
  if (system === undefined) return undefined;
  const stated = system.definition.properties?.find(({ name }) => name === best.property.name);
  const property = stated ?? best.property;
  const run = runOf(system, property, { best, rest });
  return run && { ...shrink(system, { ...rest, property, run }), program, property, system };
}

/** What was chosen, as far as it is offered here; or else any run that is no larger. */
function runOf<Program>(
  system: System,
  property: Property,
  { best, rest: { stepsMax = programStepsMax } }: Known<Program>,
): Run | undefined {
  const quick = defineSystem({ ...system.definition, rememberedMax: 100_000 });
  const aim = aimOf(quick, property, { last: quick.start().world, round: [] });
  if (aim === undefined) return undefined;
  const rehearsal = createRehearsal({ aim, stepsMax, system: quick });
  const within = { ...best.size, departures: Number.POSITIVE_INFINITY };
  const wanted = best.run.steps.flatMap(({ choice }) => (choice === undefined ? [] : [choice]));
  const course = rehearsal.follow(wanted, within) ?? rehearsal.smallest(within, dullestFirst);
  if (course === undefined) return undefined;
  return runSystem(system, { stepsMax: course.taken.length, tape: tapeOf(course) });
}

const programStepsMax = 300_000;
