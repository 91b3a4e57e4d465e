/** `orrery demo TUTORIAL`: a run that trains, with its curve. */
import { mainOutcome } from '../../../../actors/index.ts';
import { tutorials } from '../../../../examples/tutorials/curves.ts';
import { SimulationError, invariant } from '../../../core/errors.ts';
import { runSystem } from '../../../kernel/run.ts';
import { writeText } from '../files.ts';
import { findScenario } from '../find-scenario.ts';
import { stage } from '../scenario.ts';
import type { Result, Session } from '../session.ts';

/** Where the curve goes beside the terminal. */
export interface TutorialOptions {
  readonly svg?: string;
}

/**
 * Runs a tutorial in order and draws what it learned.
 *
 * @throws {SimulationError} `cli/no-curve` where there is nothing to draw.
 */
export async function demoTutorial(
  { io, say, width }: Session,
  name: string,
  { svg }: TutorialOptions,
): Promise<Result> {
  invariant(
    Object.hasOwn(tutorials, name),
    'cli/no-curve',
    `"${name}" is no tutorial that trains. There are ${Object.keys(tutorials).join(', ')}; ` +
      `other scenarios run with "${io.command} run".`,
  );
  const { system } = stage(name, await findScenario(name), {});
  const run = runSystem(system);
  const outcome = mainOutcome(run.world, 'worker0');
  // What draws is large, and no other command needs it.
  const { curvesOf, drawCurves, svgOf } = await import('./learning-curve.ts');
  const learned = outcome.type === 'returned' ? curvesOf(outcome.value) : undefined;
  if (learned === undefined) {
    throw new SimulationError(
      'cli/no-curve',
      `"${name}" ended without a curve: ${JSON.stringify(outcome)}.`,
    );
  }
  say(drawCurves(learned, width));
  for (const [worker, values] of Object.entries(learned.curves)) {
    const [first, last] = [values[0], values.at(-1)].map((each) => each?.toPrecision(4));
    say(`${worker}: ${learned.measure} ${first} at first, ${last} after ${values.length} steps`);
  }
  if (svg !== undefined) {
    writeText(svg, svgOf(learned));
    say(`The picture was written to ${svg}.`);
  }
  return { code: 0, report: { tutorial: name, choices: run.steps.length, ...learned } };
}
