/** Every failing run is made a second time: what only depends on the tape comes out alike. */
import { canonical } from '../../core/canonical.ts';
import { digest, isSameDigest } from '../../core/digest.ts';
import { messageOf } from '../../core/errors.ts';
import { describeChoice } from '../../kernel/choice.ts';
import { runSystem } from '../../kernel/run.ts';
import type { Run } from '../../kernel/run.ts';
import type { Happening, Step } from '../../kernel/step.ts';
import type { System } from '../../runtime/system.ts';

/** Where two runs of one tape part. */
export interface Difference {
  /** The actor in which it was seen first; absent where the runs are of different length. */
  readonly actor?: string;
  readonly step: number;
  /** What happened in the first run, and what in the second. */
  readonly why: string;
}

/** The first difference between a run and what its tape makes; `undefined` where there is none. */
export function differenceOnRepeat(system: System, run: Run): Difference | undefined {
  const steps: Step[] = [];
  try {
    runSystem(system, {
      onStep: (step) => {
        steps.push(step);
      },
      stepsMax: run.steps.length - 1,
      tape: run.tape,
    });
  } catch (thrown) {
    return differenceOfSteps(run.steps, steps) ?? { step: steps.length, why: messageOf(thrown) };
  }
  return differenceOfSteps(run.steps, steps);
}

/** The first step in which two runs differ. */
function differenceOfSteps(
  first: readonly Step[],
  second: readonly Step[],
): Difference | undefined {
  for (const [index, one] of first.entries()) {
    const other = second[index];
    if (other === undefined) return { step: index, why: `The first went on: ${wordsOf(one)}.` };
    if (one.choice?.name !== other.choice?.name) {
      const [expected, seen] = [wordsOf(one), wordsOf(other)];
      return { step: index, why: `The first took "${expected}", the second "${seen}".` };
    }
    const difference = differenceOfHappenings(one, other);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function differenceOfHappenings(one: Step, other: Step): Difference | undefined {
  const length = Math.max(one.happened.length, other.happened.length);
  for (let index = 0; index < length; index += 1) {
    const [expected, seen] = [one.happened[index], other.happened[index]];
    if (isSameHappening(expected, seen)) continue;
    const actor = actorOf(expected ?? seen);
    const words = `In "${wordsOf(one)}" the first run had ${textOf(expected)}, the second ${textOf(seen)}.`;
    return { ...(actor === undefined ? {} : { actor }), step: one.index, why: words };
  }
  return undefined;
}

function isSameHappening(first: Happening | undefined, second: Happening | undefined): boolean {
  return isSameDigest(digest(canonical(first)), digest(canonical(second)));
}

function actorOf(happening: Happening | undefined): string | undefined {
  if (happening === undefined) return undefined;
  return 'actor' in happening ? happening.actor : happening.from;
}

function wordsOf({ choice }: Step): string {
  return choice === undefined ? 'the start' : describeChoice(choice);
}

const textMax = 160;

function textOf(happening: Happening | undefined): string {
  if (happening === undefined) return 'nothing more';
  const text = JSON.stringify(happening.type === 'moved' ? happening.after : happening) ?? '';
  return text.length <= textMax ? text : `${text.slice(0, textMax)}…`;
}
