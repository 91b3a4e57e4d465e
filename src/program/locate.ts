/**
 * Where in the source a user function waits. A history holds no lines: the function runs again up to its
 * request, and is then given a probe in place of an answer, which makes an error there.
 */
import type { ProgramHost } from './advance.ts';
import type { Waiting } from './history.ts';
import { defaultLimits } from './limits.ts';
import { replay } from './replay.ts';
import { located } from './request.ts';
import type { Probe } from './request.ts';
import { runStretch } from './segment.ts';
import { createStepCounter } from './step-counter.ts';

/** A place in a source file. */
export interface SourcePlace {
  /** A path, or an address. */
  readonly file: string;
  readonly fn: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/**
 * The places from the request that a function waits for outwards, innermost first: those of the helpers that
 * made it, of the function, and of what runs it. None where the engine tells none, or user code yields a
 * request without `perform`.
 *
 * @throws {SimulationError} `program/not-deterministic`
 */
export function locate<Frame>(
  host: ProgramHost<Frame>,
  { at }: Waiting<Frame>,
): readonly SourcePlace[] {
  const { stepsMax } = { ...defaultLimits, ...host.limits };
  const replayed = replay(host, at, stepsMax);
  const countStep = createStepCounter(replayed.fn, stepsMax);
  const stop = runStretch(host, { ...replayed, countStep });
  return stop.type === 'requested' ? placesIn(stackOf(replayed.program)) : [];
}

function stackOf(program: Generator<unknown, unknown, unknown>): string {
  let stack = '';
  const probe: Probe = {
    [located]: (here) => {
      stack = here.stack ?? '';
      return here;
    },
  };
  try {
    program.next(probe);
  } catch {
    // The program ends by it, unless user code catches it: either way nobody goes on with it.
  }
  return stack;
}

/** The places that the text of a stack names, innermost first; frames as V8 and as JavaScriptCore and SpiderMonkey write them: `at f (file:1:2)`, `f@file:1:2`. */
export function placesIn(stack: string): readonly SourcePlace[] {
  return stack.split('\n').flatMap((text) => {
    const found =
      /^\s*at (?:(?<fn>\S+?)(?: \[as \w+\])? \()?(?<file>.+?):(?<line>\d+):(?<column>\d+)\)?$/.exec(
        text,
      ) ?? /^(?<fn>[^@]*)@(?<file>.+?):(?<line>\d+):(?<column>\d+)$/.exec(text);
    const { column, file, fn = '', line } = found?.groups ?? {};
    if (file === undefined) return [];
    return [
      {
        column: Number(column),
        file: file.replace(/^file:\/\//, ''),
        fn: fn.replace(/\.next$/, ''),
        line: Number(line),
      },
    ];
  });
}
