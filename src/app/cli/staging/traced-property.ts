/** The property that a trace says is broken, as the scenario states it today. */
import { defined } from '../../../core/defined.ts';
import { invariant } from '../../../core/errors.ts';
import type { Run } from '../../../kernel/run.ts';
import { propertyNamed } from '../../../runtime/fails-never.ts';
import type { Property } from '../../../runtime/property.ts';
import { brokenProperty } from '../../../trace/broken.ts';
import { judgeRun } from '../../../trace/judged.ts';
import type { Session } from '../session.ts';
import type { StagedTrace } from './staged-trace.ts';

/** The property of a trace; `undefined` where the trace has none or its scenario states none of that name. */
export function tracedProperty({ stated, trace }: StagedTrace): Property | undefined {
  return propertyNamed(stated.definition, trace.property?.name);
}

/**
 * The property `name` of the scenario, or else that of the trace.
 *
 * @throws {SimulationError} `cli/unknown-property`.
 */
export function namedProperty(staged: StagedTrace, name: string | undefined): Property {
  const wanted = name ?? staged.trace.property?.name;
  const all = staged.stated.definition.properties ?? [];
  const found = propertyNamed(staged.stated.definition, wanted);
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

/** Says whether a run still breaks what it was recorded for; `undefined` where that is not stated any more. */
export function sayBroken(
  { colors, say }: Session,
  staged: StagedTrace,
  run: Run,
): boolean | undefined {
  const { property: recorded } = staged.trace;
  if (recorded === undefined) return undefined;
  const property = tracedProperty(staged);
  const judged =
    property && judgeRun(staged.system, { property, recorded, run, stated: staged.stated });
  if (property === undefined || judged === undefined) {
    say(`recorded because "${recorded.name}" is broken: ${recorded.message}`);
    return undefined;
  }
  if (!judged.isBroken) {
    const why = judged.why === undefined ? '' : `: ${judged.why}`;
    say(colors.green(`"${property.name}" is not broken${why}`));
    return false;
  }
  const { message } = brokenProperty(staged.system, property, {
    run,
    ...defined({ loop: recorded.loop, other: judged.other }),
  });
  say(colors.red(`"${property.name}" is broken: ${message}`));
  return true;
}
