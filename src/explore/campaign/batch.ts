/** What is asked of whoever makes schedules: some of one manner, by their numbers. */
import type { Property } from '../../runtime/property.ts';
import { observeSystem } from '../../runtime/system.ts';
import type { ObservedSystem, System } from '../../runtime/system.ts';
import { variantOf } from '../../runtime/variant.ts';
import type { Variant } from '../../runtime/variant.ts';
import { propertiesOf } from '../check/properties.ts';
import { isMemoryless } from './manner.ts';
import type { Manner } from './manner.ts';

/** What is asked for. */
export interface Batch extends Range {
  readonly manner: Manner;
  /** Names of the properties that are judged; all that runs can break unless given. */
  readonly properties?: readonly string[];
  /** What all runs of the manner are drawn from. */
  readonly seed: number;
  /** Steps after which a run is cut. */
  readonly stepsMax: number;
  readonly time?: Variant['time'];
}

/** Schedules by their numbers. */
export interface Range {
  readonly from: number;
  readonly count: number;
}

/**
 * Strategies that learn from run to run begin anew with each so many schedules: within them they learn,
 * and ranges of whole blocks can be made apart.
 */
const blockSize = 64;

/** How many schedules of a manner belong together; ranges begin and end between two blocks. */
export function blockOf(manner: Manner, properties: readonly Property[]): number {
  if (manner.portions !== undefined) return 1;
  // Ends are held against the first one: which one that is must not depend on who makes it.
  const compares = properties.some(({ type }) => type === 'agree');
  return isMemoryless(manner) && !compares ? 1 : blockSize;
}

/** The properties that runs of one system can break. */
export function sampledProperties(system: System, asked?: readonly string[]): readonly Property[] {
  return propertiesOf(system.definition, asked).filter(({ type }) => type !== 'agreeAcross');
}

const rememberedMax = 100_000;

/** The system as a manner has it, watched. */
export function mannered(
  { definition }: System,
  { manner: { faults }, time }: Pick<Batch, 'manner' | 'time'>,
): ObservedSystem {
  return observeSystem({ rememberedMax, ...variantOf(definition, variantIn({ faults, time })) });
}

/** What a manner says of the system. */
export function variantIn({
  faults,
  time,
}: {
  readonly faults?: Variant['faults'] | undefined;
  readonly time?: Variant['time'] | undefined;
}): Variant {
  return {
    ...(faults === undefined ? {} : { faults }),
    ...(time === undefined ? {} : { time }),
  };
}
