/** Whether a system holds what is said of it, and what to tell where it does not. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { SimulationError } from '../core/errors.ts';
import { check } from '../explore/check/check.ts';
import type { CheckOptions } from '../explore/check/options.ts';
import type { Report } from '../explore/check/report.ts';
import type { CheckedViolation } from '../explore/check/violations.ts';
import { formatTape } from '../kernel/tape.ts';
import type { Property } from '../runtime/property.ts';
import { never } from '../runtime/property.ts';
import type { System } from '../runtime/system.ts';
import type { Variant } from '../runtime/variant.ts';
import { traceFileName } from '../trace/file-name.ts';
import { formatTrace } from '../trace/record.ts';
import { violationStory, violationTrace } from '../trace/violation.ts';
import { fromEnvironment } from './environment.ts';

/** How to look, and where the trace of what is broken goes. */
export interface HoldOptions extends Omit<CheckOptions, 'properties'> {
  /** Looks at all worlds, as it does where neither `schedules` nor a strategy is given. */
  readonly exhaustive?: true;
  /** The module that exports the system, for the line that replays a trace. */
  readonly module?: string;
  /** The folder for traces; `traces` unless said otherwise. */
  readonly out?: string;
}

/** A property, some of them, or names of those that the system carries. */
export type Claim = Property | string | readonly (Property | string)[];

/** What came of looking. */
export interface Outcome {
  /** Asked for where it is needed: it writes the trace that it speaks of. */
  readonly message: () => string;
  readonly pass: boolean;
}

/**
 * Whether all that is claimed holds; everything that the system carries, where nothing is.
 *
 * @throws {SimulationError} what `check` throws, and `testing/not-a-system`.
 */
export function holds(received: unknown, claim?: Claim, options: HoldOptions = {}): Outcome {
  const system = systemOf(received);
  const properties = claim === undefined ? undefined : [claim].flat();
  const report = check(system, checkOptions(options, properties));
  const [violation] = report.violations;
  if (violation !== undefined) {
    return { message: () => told(report, violation, options), pass: false };
  }
  const open = openIn(report, options);
  if (open !== undefined) return { message: () => `${open}\n${counts(report)}`, pass: false };
  const names = report.properties.map(({ name }) => `"${name}"`).join(', ');
  return { message: () => `${names} should not hold, but it does: ${counts(report)}`, pass: true };
}

/**
 * Whether some world is as it is claimed.
 *
 * @throws {SimulationError} what `check` throws, `testing/not-a-system`, `testing/no-world` for a property
 * that is not said of single worlds.
 */
export function reaches(
  received: unknown,
  goal: Property | string,
  options: HoldOptions = {},
): Outcome {
  const system = systemOf(received);
  const wanted = goalOf(system, goal);
  // What must never be and is, is reached by the shortest way.
  const report = check(system, { ...checkOptions(options, [wanted]), shrink: false });
  const [violation] = report.violations;
  if (violation === undefined) {
    const open = openIn(report, options);
    const words = [`"${wanted.name}" was never reached.`, ...(open === undefined ? [] : [open])];
    return { message: () => `${words.join(' ')}\n${counts(report)}`, pass: false };
  }
  const lines = (): readonly string[] => violationStory(report, violation).slice(1);
  return { message: () => [`"${wanted.name}" was reached:`, ...lines()].join('\n'), pass: true };
}

function systemOf(received: unknown): System {
  const isSystem =
    typeof received === 'object' &&
    received !== null &&
    'mechanics' in received &&
    'definition' in received;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- known by what only a system has
  if (isSystem) return received as System;
  throw new SimulationError(
    'testing/not-a-system',
    'What is expected to hold something is no system. Give what defineSystem(…) made.',
  );
}

function goalOf(system: System, goal: Property | string): Property {
  const known = system.definition.properties?.find(({ name }) => name === goal);
  const property = typeof goal === 'string' ? known : goal;
  if (property?.type === 'sometimes' || property?.type === 'always' || property?.type === 'never') {
    return never(property.name, property.holds);
  }
  throw new SimulationError(
    'testing/no-world',
    `"${typeof goal === 'string' ? goal : goal.name}" says of no world that it is reached. ` +
      'Give sometimes(name, holds), or the name of one that the system carries.',
  );
}

function checkOptions(
  { exhaustive, module: _module, out: _out, ...options }: HoldOptions,
  properties: CheckOptions['properties'],
): CheckOptions {
  const isSampled = options.schedules !== undefined && exhaustive !== true;
  const { seed } = fromEnvironment();
  return {
    seed,
    ...(isSampled ? { strategy: 'random' } : {}),
    ...options,
    ...(properties === undefined ? {} : { properties }),
  };
}

/** What was left open: a search that was cut short says nothing, unless it was to be cut. */
function openIn(report: Report, { depthMax, statesMax }: HoldOptions): string | undefined {
  const { complete, notes, schedules, undecided } = report;
  const unreached = report.properties.find(
    ({ name, type }) => type === 'sometimes' && !report.reached.includes(name),
  );
  if (unreached !== undefined) {
    return `"${unreached.name}" was never reached. Look further: at more schedules, or at all worlds.`;
  }
  if (undecided.length > 0) {
    const names = undecided.map((name) => `"${name}"`).join(', ');
    return `${names}: not decided, as not all worlds were looked at. ${notes.join(' ')}`;
  }
  const isLimited = depthMax !== undefined || statesMax !== undefined;
  if (complete || schedules > 0 || isLimited) return undefined;
  const remedy = 'Give a limit of your own, or look at some schedules: { schedules: 1000 }.';
  return ['Not all worlds were looked at.', ...notes, remedy].join(' ');
}

function textIn(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function counts({ depth, schedules, states, strategy, transitions }: Report): string {
  return schedules === 0
    ? `${states} worlds, ${transitions} transitions, depth ${depth} (${strategy})`
    : `${schedules} schedules, ${transitions} steps, ${states} worlds (${strategy})`;
}

function told(report: Report, violation: CheckedViolation, options: HoldOptions): string {
  const lines = violationStory(report, violation);
  const { run } = violation;
  const file = written(report, violation, options);
  const replay =
    file === undefined
      ? []
      : [
          `the trace is ${file}; replay it with:`,
          `  npx orrery replay ${file} --module ${options.module ?? '<the module that exports the system>'}`,
        ];
  const paste =
    run === undefined
      ? []
      : ['or paste it:', `  runSystem(system, { tape: parseTape('${formatTape(run.tape)}') })`];
  return [...lines, ...replay, ...paste, counts(report)].join('\n');
}

function written(
  report: Report,
  violation: CheckedViolation,
  { faults, out = 'traces', time }: HoldOptions,
): string | undefined {
  const variant: Variant = {
    ...(faults === undefined ? {} : { faults }),
    ...(time === undefined ? {} : { time }),
  };
  const isVaried = Object.keys(variant).length > 0;
  const trace = violationTrace(report, violation, isVaried ? { variant } : {});
  if (trace === undefined) return undefined;
  const file = join(
    out,
    traceFileName(trace, (taken) => textIn(join(out, taken))),
  );
  mkdirSync(out, { recursive: true });
  writeFileSync(file, formatTrace(trace));
  return file;
}
