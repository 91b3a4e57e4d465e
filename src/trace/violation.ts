/** What a check found to be broken, as a story for people and as a trace to keep. */
import { defined } from '../core/defined.ts';
import { keysOf } from '../core/persistent-map.ts';
import type { Report } from '../explore/check/report.ts';
import { makerOf } from '../explore/check/violations.ts';
import type { CheckedViolation } from '../explore/check/violations.ts';
import { viewOfWorld } from '../explore/view-of-world.ts';
import type { World } from '../kernel/world.ts';
import { remarksOf } from '../runtime/remarks.ts';
import type { System } from '../runtime/system.ts';
import { brokenProperty } from './broken.ts';
import { recordTrace } from './record.ts';
import type { RecordOptions } from './record.ts';
import { story } from './story.ts';
import type { StoryOptions } from './story.ts';
import type { Trace } from './trace.ts';
import { brief, cut } from './words.ts';

/** What was checked. */
export type Checked = Pick<Report, 'properties' | 'system'>;

/** The trace of a violation; `undefined` where no run shows it, or its run does not come out alike twice. */
export function violationTrace(
  report: Checked,
  violation: CheckedViolation,
  { params, variant }: Pick<RecordOptions, 'params' | 'variant'> = {},
): Trace | undefined {
  const { divergence, run } = violation;
  const property = report.properties.find(({ name }) => name === violation.property);
  if (run === undefined || property === undefined || divergence !== undefined) return undefined;
  const system = makerOf(report.system, property, violation);
  return recordTrace(system, run, {
    ...defined({ params, variant }),
    property: brokenProperty(system, property, violation),
  });
}

const linesMax = 90;
const lastLines = 30;
const widthDefault = 100;

/** What is broken by how many steps, each of them, and how it ended. */
export function violationStory(
  report: Checked,
  violation: CheckedViolation,
  options: StoryOptions = {},
): readonly string[] {
  const { property: name, run } = violation;
  if (run === undefined) return [`"${name}" never is so: no world has it`];
  const property = report.properties.find((one) => one.name === name);
  const system = makerOf(report.system, property, violation);
  const broken = property && brokenProperty(system, property, violation);
  return [
    `"${name}" is broken by a run of ${countOf(run.steps.length - 1, 'step')}${before(violation)}:`,
    ...inShort(story(run.steps, { ...options, tape: run.tape, ...defined({ broken }) })),
    ...endOf(system, run.world, options.width ?? widthDefault),
    ...remarks(violation),
    ...runRemarks(report, violation),
  ];
}

/** What the system itself says of the run that breaks a property. */
export function runRemarks(report: Checked, violation: CheckedViolation): readonly string[] {
  const { property: name, run } = violation;
  if (run === undefined) return [];
  const property = report.properties.find((one) => one.name === name);
  const system = makerOf(report.system, property, violation);
  return remarksOf(system, run);
}

/** The beginning and the end, where it is too long. */
function inShort(lines: readonly string[]): readonly string[] {
  if (lines.length <= linesMax) return lines;
  const left = countOf(lines.length - linesMax, 'line');
  return [...lines.slice(0, linesMax - lastLines), `… ${left} more …`, ...lines.slice(-lastLines)];
}

/** What was found first; where that was shorter, how the one that is told is smaller all the same. */
function before({ departuresBefore, run, stepsBefore }: CheckedViolation): string {
  const steps = (run?.steps.length ?? 0) - 1;
  if (run === undefined || stepsBefore === undefined || stepsBefore === steps) return '';
  if (stepsBefore > steps || departuresBefore === undefined) return ` (found with ${stepsBefore})`;
  const departures = run.tape.length;
  return departures < departuresBefore
    ? ` and ${countOf(departures, 'departure')} from FIFO (found with ${stepsBefore} and ${departuresBefore})`
    : ` (found with ${stepsBefore}, and more faults)`;
}

function remarks({ assumes, divergence }: CheckedViolation): readonly string[] {
  return [
    ...(assumes === undefined ? [] : [`taken for granted: ${assumes}`]),
    ...(divergence === undefined ? [] : [`MADE AGAIN, IT CAME OUT OTHERWISE: ${divergence.why}`]),
  ];
}

const actorsMax = 12;

/** In which states the actors are in the last world. */
function endOf({ mechanics }: System, world: World, width: number): readonly string[] {
  const view = viewOfWorld(mechanics.rules, world);
  const addresses = keysOf(world.actors);
  const lines = addresses.slice(0, actorsMax).map((address) => {
    const { context = {}, value } = view.actor(address) ?? {};
    const hasStates = typeof value === 'string' || Object.keys(Object(value)).length > 0;
    const state = hasStates ? value : context;
    return cut(`  ${address}: ${typeof state === 'string' ? state : brief(state, width)}`, width);
  });
  const left = addresses.length - lines.length;
  return [
    'and so it ends:',
    ...lines,
    ...(left > 0 ? [`  … and ${countOf(left, 'actor')} more`] : []),
  ];
}

function countOf(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
