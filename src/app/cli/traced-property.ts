/** The property that a trace says is broken, as the scenario states it today. */
import { invariant } from '../../core/errors.ts';
import { goalOf } from '../../explore/shrink/goal.ts';
import type { Run } from '../../kernel/run.ts';
import type { Property } from '../../runtime/property.ts';
import { brokenProperty } from '../../trace/broken.ts';
import type { Session } from './session.ts';
import type { StagedTrace } from './staged-trace.ts';

/** The property of a trace; `undefined` where the trace has none or its scenario states none of that name. */
export function tracedProperty({ system, trace }: StagedTrace): Property | undefined {
  return system.definition.properties?.find(({ name }) => name === trace.property?.name);
}

/**
 * The property `name` of the scenario, or else that of the trace.
 *
 * @throws {SimulationError} `cli/unknown-property`.
 */
export function namedProperty(staged: StagedTrace, name: string | undefined): Property {
  const wanted = name ?? staged.trace.property?.name;
  const all = staged.system.definition.properties ?? [];
  const found = all.find((property) => property.name === wanted);
  const names = all.map((property) => `"${property.name}"`).join(', ');
  invariant(
    found !== undefined,
    'cli/unknown-property',
    wanted === undefined
      ? `This trace does not say which property is broken. Name it: --property with one of ${names || 'those that the scenario states, which are none'}.`
      : `"${staged.system.name}" states no property "${wanted}". It states ${names || 'none'}.`,
  );
  return found;
}

/** Says what is broken at the end of a run; whether it is, or `undefined` where one world cannot tell. */
export function sayBroken(
  { colors, say }: Session,
  staged: StagedTrace,
  run: Run,
): boolean | undefined {
  const { property: recorded } = staged.trace;
  if (recorded === undefined) return undefined;
  const property = tracedProperty(staged);
  const goal = property && goalOf(staged.system, property);
  if (property === undefined || goal === undefined) {
    say(`recorded because "${recorded.name}" is broken: ${recorded.message}`);
    return undefined;
  }
  const isBroken = goal(run.world);
  const { message } = isBroken ? brokenProperty(staged.system, property, { run }) : { message: '' };
  say(
    isBroken
      ? colors.red(`"${property.name}" is broken: ${message}`)
      : colors.green(`"${property.name}" is not broken`),
  );
  return isBroken;
}
