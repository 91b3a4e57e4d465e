/**
 * Makes batches of schedules, and judges them. What a batch shows is a function of what is asked, so that it does
 * not matter who makes it, how often, and beside which others. What was learnt of the system on the way (the steps
 * of its machines, its worlds) is kept for the next batch of the same manner, as to learn it anew can take longer
 * than the batch; so what a batch says to have been seen at all (coverage, worlds, properties that were put to the
 * test) is what all batches of the manner have seen so far. Joined it comes to the same.
 */
import type { Property } from '../../runtime/property.ts';
import type { ObservedSystem, System } from '../../runtime/system.ts';
import { failureWords } from '../check/look-twice.ts';
import { createRuns } from '../sampling/runs.ts';
import type { Runs } from '../sampling/runs.ts';
import { seedOf } from '../strategies/seeds.ts';
import { blockOf, mannered, sampledProperties } from './batch.ts';
import type { Batch, Range } from './batch.ts';
import { joinFindings, noFindings } from './findings.ts';
import type { Findings } from './findings.ts';
import { strategyOf } from './manner.ts';
import { searchPortions } from './portions.ts';
import { createSketcher } from './sketch.ts';
import type { Sketcher } from './sketch.ts';
import { createTally } from './tally.ts';

/** Makes the batches of one system. */
export interface BatchMaker {
  /** Frees the memory of what was learnt. */
  readonly forget: () => void;
  /**
   * Makes the schedules of a batch.
   *
   * @throws {SimulationError} `explore/property-threw`, `explore/unknown-property`,
   * `runtime/not-deterministic`, or whatever the system's own mistake is.
   */
  readonly make: (batch: Batch) => Findings;
}

const statesMax = 1_000_000;

/** A maker that has learnt nothing yet. */
export function createBatchMaker(system: System): BatchMaker {
  const learnt = new Map<string, Learnt>();
  const learntFor = (batch: Batch): Learnt => {
    const { from: _from, count: _count, ...same } = batch;
    const key = JSON.stringify(same);
    const known = learnt.get(key) ?? learnAnew(system, batch);
    // A search in portions leaves nothing that the next one could use.
    if (batch.manner.portions === undefined) learnt.set(key, known);
    return known;
  };
  return {
    forget: () => learnt.clear(),
    make: (batch) => {
      const known = learntFor(batch);
      const { observed, properties } = known;
      const { portions } = batch.manner;
      const findings =
        portions === undefined
          ? makeRuns(known, batch)
          : searchPortions(observed.system, { ...batch, portions, properties });
      if (findings.broken.length === 0) observed.lookAgain();
      return {
        ...findings,
        coverage: observed.coverage(),
        failures: observed.failures().map(failureWords),
      };
    },
  };
}

/** What is known of a system as a manner has it. */
interface Learnt {
  readonly observed: ObservedSystem;
  readonly properties: readonly Property[];
  /** Where each run stands alone, what makes all of them. */
  source: Source | undefined;
}

/** What makes runs, and the worlds that they came to. */
interface Source {
  readonly runs: Runs;
  readonly sketcher: Sketcher;
}

function learnAnew(system: System, batch: Batch): Learnt {
  return {
    observed: mannered(system, batch),
    properties: sampledProperties(system, batch.properties),
    source: undefined,
  };
}

function makeRuns(known: Learnt, batch: Batch): Findings {
  const size = blockOf(batch.manner, known.properties);
  if (size > 1) {
    return blocksIn(batch, size)
      .map(({ count, from }) => {
        const source = createSource(known, batch, seedOf(batch.seed, from));
        return makeBlock(source, { count, first: 0, offset: from });
      })
      .reduce(joinFindings, noFindings);
  }
  const source = known.source ?? createSource(known, batch, batch.seed);
  const findings = makeBlock(source, { count: batch.count, first: batch.from, offset: 0 });
  // What has no more room for worlds would not count those to come.
  known.source = source.runs.isFull() ? undefined : source;
  return findings;
}

/** The blocks that a range begins: the last one may be short. */
function blocksIn({ count, from }: Range, size: number): readonly Range[] {
  const end = from + count;
  return Array.from({ length: Math.ceil(count / size) }, (_, index) => {
    const start = from + index * size;
    return { count: Math.min(size, end - start), from: start };
  });
}

function createSource({ observed, properties }: Learnt, batch: Batch, seed: number): Source {
  const { manner, stepsMax } = batch;
  const sketcher = createSketcher();
  const runs = createRuns(observed.system, {
    onWorld: sketcher.add,
    properties,
    seed,
    statesMax,
    stepsMax,
    strategy: strategyOf(manner),
  });
  return { runs, sketcher };
}

/** Runs with numbers in a row. */
interface Block {
  readonly count: number;
  /** The number of the first run. */
  readonly first: number;
  /** What makes a run's number that of its schedule. */
  readonly offset: number;
}

function makeBlock({ runs, sketcher }: Source, { count, first, offset }: Block): Findings {
  const tally = createTally(offset);
  for (let index = first; index < first + count; index += 1) {
    const made = runs.make(index);
    if (made === undefined) break;
    tally.add(index, made);
    runs.learn(index, made);
  }
  return tally.findings(runs, sketcher);
}
