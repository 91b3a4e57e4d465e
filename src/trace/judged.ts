/** Judges the run of a trace anew, by the property that it says is broken, as it is stated today. */
import { canonical } from '../core/canonical.ts';
import { digest, isSameDigest } from '../core/digest.ts';
import type { Digest } from '../core/digest.ts';
import { SimulationError, unreachable } from '../core/errors.ts';
import { whyKept } from '../explore/liveness/broken-run.ts';
import { goalOf } from '../explore/shrink/goal.ts';
import { observed } from '../explore/verdict.ts';
import { viewOfWorld } from '../explore/view-of-world.ts';
import type { OtherRun } from '../explore/violation.ts';
import { isExternal } from '../kernel/choice.ts';
import { runSystem } from '../kernel/run.ts';
import type { Run } from '../kernel/run.ts';
import type { AgreementProperty, Property } from '../runtime/property.ts';
import type { System } from '../runtime/system.ts';
import type { BrokenProperty, TracedRun, TracedSystem } from './trace.ts';

/** What a run shows of a property. */
export type Judged =
  | { readonly isBroken: true; readonly other?: OtherRun }
  | { readonly isBroken: false; readonly why?: string };

/** What is judged: the run that was made again, and what was recorded of how it breaks the property. */
export interface Judging {
  readonly property: Property;
  readonly recorded: BrokenProperty;
  readonly run: Run;
  /** The system that was checked: what made the run may be a variant that it is held against. */
  readonly stated: System;
}

/**
 * Whether a run that was made again still breaks the property; `undefined` where no run can. Where two
 * must agree, the other is made again too.
 */
export function judgeRun(
  system: System,
  { property, recorded, run, stated }: Judging,
): Judged | undefined {
  switch (property.type) {
    case 'eventually':
    case 'leadsTo': {
      const why = whyKept(system, property, { loop: recorded.loop, run });
      return why === undefined ? { isBroken: true } : { isBroken: false, why };
    }
    case 'agree':
    case 'agreeAcross':
      return recorded.other && judgePair(system, { other: recorded.other, property, run, stated });
    case 'always':
    case 'atQuiescence':
    case 'deadlockFree':
    case 'never':
    case 'sometimes': {
      const goal = goalOf(system, property);
      return goal && { isBroken: goal(run.world) };
    }
    default:
      return unreachable(property);
  }
}

interface Pair {
  readonly other: TracedRun;
  readonly property: AgreementProperty;
  readonly run: Run;
  readonly stated: System;
}

function judgePair(system: System, { other: recorded, property, run, stated }: Pair): Judged {
  const variants = property.type === 'agreeAcross' ? property.systems : [];
  const { system: name } = recorded;
  // Variants may have one name: what makes the recorded run is meant.
  const makers = name === undefined ? [stated] : variants.filter((one) => one.name === name);
  const made = makers.map((maker) => ({ maker, other: madeAgain(maker, recorded) }));
  const { maker, other } = made.find((one) => typeof one.other !== 'string') ?? made[0] ?? {};
  if (maker === undefined || other === undefined) {
    return { isBroken: false, why: `there is no variant "${name}" any more` };
  }
  if (typeof other === 'string') return { isBroken: false, why: other };
  const variant = variants.indexOf(maker);
  for (const [which, one] of [
    ['the run', { maker: system, run }],
    ['the other run', { maker, run: other }],
  ] as const) {
    if (!isEnd(one.maker, one.run)) {
      return {
        isBroken: false,
        why: `${which} does not end there: something is left to do or to give`,
      };
    }
  }
  if (isSameDigest(observation(system, property, run), observation(maker, property, other))) {
    return { isBroken: false, why: 'both runs end alike' };
  }
  return { isBroken: true, other: variant < 0 ? { run: other } : { run: other, variant } };
}

/** The second run, or why it does not come out as recorded. */
function madeAgain(maker: System, { departures, hash, steps }: TracedRun): Run | string {
  try {
    const run = runSystem(maker, { stepsMax: steps, tape: departures });
    return run.hash === hash ? run : 'the other run comes out otherwise than it was recorded';
  } catch (thrown) {
    if (!(thrown instanceof SimulationError)) throw thrown;
    return `the other run cannot be made again: ${thrown.message}`;
  }
}

function isEnd(system: System, { world }: Run): boolean {
  if (system.dullest(world) !== undefined) return false;
  return system.choices(world).every((choice) => isExternal(choice) && choice.type !== 'input');
}

function observation(
  { mechanics: { rules } }: System,
  { name, observe }: AgreementProperty,
  { world }: Run,
): Digest {
  return digest(canonical(observed(name, observe)(viewOfWorld(rules, world)), name));
}

/** What made the run of a trace: the system that was checked, or a variant that it is held against. */
export function tracedMaker(
  stated: System,
  { name, start }: Pick<TracedSystem, 'name' | 'start'>,
): System {
  const variants = (stated.definition.properties ?? []).flatMap((property) =>
    property.type === 'agreeAcross' ? property.systems : [],
  );
  const isIt = (one: System): boolean => one.name === name && one.hash(one.start().world) === start;
  return (isIt(stated) ? undefined : variants.find(isIt)) ?? stated;
}
