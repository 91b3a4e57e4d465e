/** What broke a property: made twice, and made small. */
import type { Run } from '../../kernel/run.ts';
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import { divergenceOf } from '../divergence.ts';
import type { Divergence } from '../divergence.ts';
import { shrink } from '../shrink/shrink.ts';
import type { OtherRun, Violation } from '../violation.ts';

/** A broken property, and the smallest run that was found to break it. */
export interface CheckedViolation extends Violation {
  /** Where the run came out otherwise when it was made again: something hidden has a say. */
  readonly divergence?: Divergence;
  /** How many steps the run had that was found first; absent where it was left as it is. */
  readonly stepsBefore?: number;
  /** How often that run departed from the one in which messages arrive in order and nothing goes wrong. */
  readonly departuresBefore?: number;
}

/** What there is to do with violations. */
export interface Judging {
  readonly isMadeSmall: boolean;
  readonly properties: readonly Property[];
  /** Steps of replays after which a run is small enough; see `ShrinkOptions`. */
  readonly stepsMax?: number;
}

/** The violations, with what is to be said of their runs. */
export function judged(
  system: System,
  violations: readonly Violation[],
  { isMadeSmall, properties, stepsMax }: Judging,
): readonly CheckedViolation[] {
  return violations.map((violation) => {
    const { run } = violation;
    const property = properties.find(({ name }) => name === violation.property);
    if (run === undefined) return violation;
    const divergence = divergenceOf(makerOf(system, property, violation), run);
    if (divergence !== undefined) return { ...violation, divergence };
    if (!isMadeSmall || property === undefined) return violation;
    return madeSmall(system, property, {
      violation: { ...violation, run },
      ...(stepsMax === undefined ? {} : { stepsMax }),
    });
  });
}

/** The system that made a violation's run: the one that was checked, or a variant that it is held against. */
export function makerOf(
  system: System,
  property: Property | undefined,
  { variant }: Pick<Violation, 'variant'>,
): System {
  const variants = property?.type === 'agreeAcross' ? property.systems : [];
  return (variant === undefined ? undefined : variants[variant]) ?? system;
}

interface Task {
  readonly stepsMax?: number;
  readonly violation: Violation & { readonly run: Run };
}

/** Each run that a violation has made small by itself. */
function madeSmall(system: System, property: Property, task: Task): CheckedViolation {
  const { violation, ...limit } = task;
  const { loop, other, run } = violation;
  const small = shrink(makerOf(system, property, violation), {
    ...(loop === undefined ? {} : { loop }),
    ...limit,
    property,
    run,
  });
  return {
    ...violation,
    ...(small.loop === undefined ? {} : { loop: small.loop }),
    ...(other === undefined
      ? {}
      : { other: { ...other, run: otherMadeSmall(system, property, { ...limit, other }) } }),
    run: small.run,
    departuresBefore: run.tape.length,
    stepsBefore: run.steps.length - 1,
  };
}

function otherMadeSmall(
  system: System,
  property: Property,
  { other, ...limit }: Pick<Task, 'stepsMax'> & { readonly other: OtherRun },
): Run {
  return shrink(makerOf(system, property, other), { ...limit, property, run: other.run }).run;
}
