/** What a trace says of the property that its run breaks. */
import { unreachable } from '../core/errors.ts';
import { readingsOf } from '../explore/readings.ts';
import { viewOfWorld } from '../explore/view-of-world.ts';
import type { OtherRun, Violation } from '../explore/violation.ts';
import type { Run } from '../kernel/run.ts';
import { formatTape } from '../kernel/tape.ts';
import type { Observation, Property } from '../runtime/property.ts';
import type { System } from '../runtime/system.ts';
import type { BrokenProperty, TracedRun } from './trace.ts';
import { brief } from './words.ts';

/** How a property was broken, for people and for the trace. */
export function brokenProperty(
  system: System,
  property: Property,
  violation: Omit<Violation, 'property'>,
): BrokenProperty {
  const { loop, other } = violation;
  return {
    name: property.name,
    message: messageOf(system, property, violation),
    kind: property.type,
    ...(loop === undefined ? {} : { loop }),
    ...(other === undefined ? {} : { other: tracedRun(other.run, nameOf(property, other)) }),
  };
}

/** The name of the variant that made a run, where it is not the system that was checked. */
function nameOf(property: Property, { variant }: OtherRun): string | undefined {
  if (property.type !== 'agreeAcross' || variant === undefined) return undefined;
  return property.systems[variant]?.name;
}

function tracedRun({ ended, hash, steps, tape }: Run, system: string | undefined): TracedRun {
  return {
    departures: tape,
    ended,
    hash,
    steps: steps.length - 1,
    tape: formatTape(tape),
    ...(system === undefined ? {} : { system }),
  };
}

function messageOf(
  system: System,
  property: Property,
  { loop, other, run }: Omit<Violation, 'property'>,
): string {
  if (run === undefined) return 'no world has it';
  const last = run.steps.length - 1;
  switch (property.type) {
    case 'agree':
    case 'agreeAcross':
      return other === undefined
        ? `it ended with ${observed(system, property.observe, run)}`
        : `once it ended with ${observed(system, property.observe, run)}, ` +
            `once with ${observed(system, property.observe, other.run)}`;
    case 'eventually':
    case 'leadsTo':
      return loop === undefined
        ? `nothing is left to do after step ${last}, and it never came; ${evidence(system, property, run)}`
        : `steps ${loop.from} to ${last} can come again and again, and it never comes; ` +
            evidence(system, property, run);
    case 'atQuiescence':
    case 'deadlockFree':
      return `nothing is left to do after step ${last}; ${evidence(system, property, run)}`;
    case 'always':
    case 'never':
    case 'sometimes':
      return `after step ${last} ${evidence(system, property, run)}`;
    default:
      return unreachable(property);
  }
}

const valueLength = 80;
const readingsMax = 12;

function evidence(system: System, property: Property, { world }: Run): string {
  const readings = readingsOf(system, property, world);
  if (readings.length === 0) return 'it asked nothing of the world';
  const words = readings
    .slice(0, readingsMax)
    .map(
      ({ value, what }) =>
        `${what} ${value === undefined ? 'was not there' : `was ${brief(value, valueLength)}`}`,
    );
  const more = readings.length > readingsMax ? [`${readings.length - readingsMax} more`] : [];
  return [...words, ...more].join(', ');
}

function observed(system: System, observe: Observation, { world }: Run): string {
  return brief(observe(viewOfWorld(system.mechanics.rules, world)), valueLength);
}
