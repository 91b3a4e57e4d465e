/** The properties of a system along a run: the step at which each broke, or came true. */
import { unreachable } from '../../core/errors.ts';
import { whyKept } from '../../explore/liveness/broken-run.ts';
import { asked, isBrokenIn } from '../../explore/verdict.ts';
import { viewOfWorld } from '../../explore/view-of-world.ts';
import type { Property } from '../../runtime/property.ts';
import { isAtRest, runOf, worldAt } from './course.ts';
import type { Course } from './course.ts';

/** How a property stands in a run. */
export interface Standing {
  readonly name: string;
  readonly type: Property['type'];
  readonly verdict: 'broken' | 'kept' | 'reached' | 'not-reached' | 'open';
  /** The step after which it was broken or came true. */
  readonly step?: number;
  /** What a person should know of the verdict. */
  readonly note?: string;
}

/** How one property stands along the course. */
export function standingOf(property: Property, course: Course): Standing {
  const { name, type } = property;
  switch (property.type) {
    case 'always':
    case 'never':
    case 'atQuiescence':
    case 'deadlockFree': {
      const step = firstStep(course, (at) => isBrokenAt(property, course, at));
      return step === undefined
        ? { name, type, verdict: 'kept' }
        : { name, step, type, verdict: 'broken' };
    }
    case 'sometimes': {
      const holds = asked(name, property.holds);
      const step = firstStep(course, (at) => holds(viewAt(course, at)));
      return step === undefined
        ? { name, type, verdict: 'not-reached' }
        : { name, step, type, verdict: 'reached' };
    }
    case 'eventually':
    case 'leadsTo':
      return livenessOf(property, course);
    case 'agree':
    case 'agreeAcross':
      return { name, note: 'said of several runs together', type, verdict: 'open' };
    default:
      return unreachable(property);
  }
}

function livenessOf(
  property: Extract<Property, { readonly type: 'eventually' | 'leadsTo' }>,
  course: Course,
): Standing {
  const { name, type } = property;
  if (!isAtRest(course)) return { name, note: 'the run goes on', type, verdict: 'open' };
  const why = whyKept(course.system, property, { run: runOf(course) });
  return why === undefined
    ? { name, step: course.steps.length - 1, type, verdict: 'broken' }
    : { name, type, verdict: 'kept' };
}

function isBrokenAt(property: Property, course: Course, at: number): boolean {
  const world = worldAt(course, at);
  const asksRest = property.type === 'atQuiescence' || property.type === 'deadlockFree';
  // Where another step follows that is the system's own, it was not at rest; the dullest choice tells.
  const isQuiet = asksRest && course.system.dullest(world) === undefined;
  return (!asksRest || isQuiet) && isBrokenIn(property, viewAt(course, at), isQuiet);
}

function viewAt(course: Course, at: number): ReturnType<typeof viewOfWorld> {
  return viewOfWorld(course.system.mechanics.rules, worldAt(course, at));
}

function firstStep({ worlds }: Course, isSo: (at: number) => boolean): number | undefined {
  const found = worlds.findIndex((_, at) => isSo(at));
  return found < 0 ? undefined : found;
}
