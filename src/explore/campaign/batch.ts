/**
 * Some schedules of one manner, made and judged: a pure function of what is asked, so that it does not
 * matter who makes them, how often, and beside which others.
 */
import type { Property } from '../../runtime/property.ts';
import { observeSystem } from '../../runtime/system.ts';
import type { ObservedSystem, System } from '../../runtime/system.ts';
import { variantOf } from '../../runtime/variant.ts';
import type { Variant } from '../../runtime/variant.ts';
import { failureWords } from '../check/look-twice.ts';
import { propertiesOf } from '../check/properties.ts';
import type { Runs } from '../sampling/runs.ts';
import { createRuns } from '../sampling/runs.ts';
import type { Made } from '../sampling/sampler.ts';
import { seedOf } from '../strategies/seeds.ts';
import { joinFindings, noFindings } from './findings.ts';
import type { Broken, Findings } from './findings.ts';
import { isMemoryless, strategyOf } from './manner.ts';
import type { Manner } from './manner.ts';
import { searchPortions } from './portions.ts';
import { createSketcher } from './sketch.ts';
import type { Sketcher } from './sketch.ts';
import { isKept, shortest, witnessOf } from './witness.ts';

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

/**
 * Makes the schedules of a batch.
 *
 * @throws {SimulationError} `explore/property-threw`, `explore/unknown-property`,
 * `runtime/not-deterministic`, or whatever the system's own mistake is.
 */
export function runBatch(system: System, batch: Batch): Findings {
  const properties = sampledProperties(system, batch.properties);
  const observed = mannered(system, batch);
  const { portions } = batch.manner;
  const findings =
    portions === undefined
      ? makeRuns(observed.system, batch, properties)
      : searchPortions(observed.system, { ...batch, portions, properties });
  if (findings.broken.length === 0) observed.lookAgain();
  return {
    ...findings,
    coverage: observed.coverage(),
    failures: observed.failures().map(failureWords),
  };
}

function makeRuns(system: System, batch: Batch, properties: readonly Property[]): Findings {
  const size = blockOf(batch.manner, properties);
  // Runs that remember nothing are one block, whatever their numbers are.
  const blocks = size === 1 ? [batch] : blocksIn(batch, size);
  return blocks
    .map((block) => makeBlock({ batch, block, isAlone: size === 1, properties, system }))
    .reduce(joinFindings, noFindings);
}

const rememberedMax = 100_000;
const statesMax = 1_000_000;

/** The blocks that a range begins: the last one may be short. */
function blocksIn({ count, from }: Range, size: number): readonly Range[] {
  const end = from + count;
  return Array.from({ length: Math.ceil(count / size) }, (_, index) => {
    const start = from + index * size;
    return { count: Math.min(size, end - start), from: start };
  });
}

interface Block {
  readonly batch: Batch;
  readonly block: Range;
  /** Whether each run stands alone. */
  readonly isAlone: boolean;
  readonly properties: readonly Property[];
  readonly system: System;
}

function makeBlock({ batch, block, isAlone, properties, system }: Block): Findings {
  const { manner, seed, stepsMax } = batch;
  const { count, from } = block;
  const sketcher = createSketcher();
  const first = isAlone ? from : 0;
  const runs = createRuns(system, {
    onWorld: sketcher.add,
    properties,
    seed: isAlone ? seed : seedOf(seed, from),
    statesMax,
    stepsMax,
    strategy: strategyOf(manner),
  });
  const tally = createTally(from - first);
  for (let index = first; index < first + count; index += 1) {
    const made = runs.make(index);
    if (made === undefined) break;
    tally.add(index, made);
    runs.learn(index, made);
  }
  return tally.findings(runs, sketcher);
}

interface Tally {
  readonly add: (index: number, made: Made) => void;
  readonly findings: (runs: Runs, sketcher: Sketcher) => Findings;
}

/** Counts what the runs of a block show; a run's schedule is its number and `offset`. */
function createTally(offset: number): Tally {
  let [cut, depth, schedules, steps] = [0, 0, 0, 0];
  const broken = new Map<string, Broken>();
  const note = (property: string, index: number, made: Made): void => {
    const known = broken.get(property) ?? { property, schedules: 0, witnesses: [] };
    const { witnesses } = known;
    // To make a run again takes longer than to count it.
    const more = isKept(witnesses, made.steps)
      ? [...witnesses, witnessOf(index + offset, made.run(), made.other?.run)]
      : witnesses;
    broken.set(property, {
      property,
      schedules: known.schedules + 1,
      witnesses: shortest(more),
    });
  };
  return {
    add: (index, made) => {
      schedules += 1;
      steps += made.steps;
      depth = Math.max(depth, made.steps + 1);
      if (made.ended === 'steps-max') cut += 1;
      if (made.broken !== undefined) note(made.broken, index, made);
    },
    findings: ({ memory, walks }, sketcher) => ({
      ...noFindings,
      broken: [...broken.values()],
      cut,
      depth,
      reached: [...memory.reached],
      schedules,
      steps,
      tested: [...memory.tested],
      worlds: { ...noFindings.worlds, [walks ? 'walked' : 'plain']: sketcher.sketch() },
    }),
  };
}
