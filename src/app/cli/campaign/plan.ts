/** What a campaign is to do, as data: enough for whoever goes on with it, or makes it again. */
import { createHash } from 'node:crypto';

import { blockOf, sampledProperties } from '../../../explore/campaign/batch.ts';
import type { Range } from '../../../explore/campaign/batch.ts';
import { swarm } from '../../../explore/campaign/manner.ts';
import type { CampaignStrategy, Manner } from '../../../explore/campaign/manner.ts';
import { isOfWorlds } from '../../../explore/exhaustive/of-worlds.ts';
import { seedOf } from '../../../explore/strategies/seeds.ts';
import type { Property } from '../../../runtime/property.ts';
import type { System } from '../../../runtime/system.ts';
import type { Variant } from '../../../runtime/variant.ts';
import type { Params } from '../scenario.ts';

/** A campaign. */
export interface Plan {
  readonly format: typeof planFormat;
  readonly version: typeof planVersion;
  /** Made of its contents: the same campaign has the same id. */
  readonly id: string;
  readonly entries: readonly Entry[];
  /** Schedules of each entry; without end where it goes by the clock. */
  readonly schedules?: number;
  readonly seed: number;
  readonly stepsMax: number;
}

/** What tells a journal from any other JSON. */
export const planFormat = 'orrery-campaign';

/** The version that is written and read here. */
export const planVersion = 1;

/** A scenario that is looked at. */
export interface Entry {
  /** Its name, or the path of its module. */
  readonly scenario: string;
  readonly params: Params;
  /** The hash of its code. */
  readonly code: string;
  readonly manners: readonly Manner[];
  /** How many schedules of each manner belong together. */
  readonly blocks: readonly number[];
  readonly properties: readonly string[];
  /** Those of them that an exhaustive search in portions decides, and those of these that it looks for. */
  readonly decided?: readonly string[];
  readonly sought?: readonly string[];
  readonly time?: Variant['time'];
}

/** What an entry is made of. */
export interface EntrySource extends Pick<Entry, 'code' | 'params' | 'scenario'> {
  readonly system: System;
}

/** How a campaign goes. */
export interface PlanOptions extends Pick<Plan, 'schedules' | 'seed' | 'stepsMax'> {
  readonly faults?: Variant['faults'];
  /** Into how many portions an exhaustive search of each entry is divided; none is made unless given. */
  readonly portions?: number | undefined;
  readonly strategies: readonly CampaignStrategy[];
  readonly time?: Variant['time'];
}

/** The plan of a campaign. */
export function planOf(
  sources: readonly EntrySource[],
  { faults, portions, schedules, seed, stepsMax, strategies, time }: PlanOptions,
): Plan {
  const entries = sources.map(({ code, params, scenario, system }): Entry => {
    const budgets = { ...system.definition.faults, ...faults };
    const properties = sampledProperties(system);
    const all: readonly Manner[] = [
      ...swarm(strategies, budgets, seed),
      ...(portions === undefined ? [] : [{ portions, strategy: 'exhaustive' } as const]),
    ];
    const manners = all.map((manner) => ({
      ...manner,
      ...(faults === undefined ? {} : { faults: { ...faults, ...manner.faults } }),
    }));
    return {
      scenario,
      params,
      code,
      manners,
      blocks: manners.map((manner) => blockOf(manner, properties)),
      properties: properties.map(({ name }) => name),
      ...(portions === undefined ? {} : whatIsDecided(properties)),
      ...(time === undefined ? {} : { time }),
    };
  });
  const plan = {
    entries,
    seed,
    stepsMax,
    ...(schedules === undefined ? {} : { schedules }),
  };
  return { format: planFormat, version: planVersion, id: idOf(plan), ...plan };
}

function whatIsDecided(properties: readonly Property[]): Pick<Entry, 'decided' | 'sought'> {
  const decided = properties.filter(isOfWorlds);
  const sought = decided.filter(({ type }) => type === 'sometimes');
  return { decided: decided.map(({ name }) => name), sought: sought.map(({ name }) => name) };
}

/** The schedules of one entry by one manner. */
export interface Stream {
  /** The block that ranges are made of. */
  readonly block: number;
  readonly entry: Entry;
  /** Its place among the entries, and among the entry's manners: together they name the stream. */
  readonly entryIndex: number;
  readonly key: string;
  readonly manner: Manner;
  /** How many schedules it has; infinitely many where the campaign goes by the clock. */
  readonly max: number;
  readonly seed: number;
}

/**
 * The streams of a plan; each entry's schedules are dealt out to its manners alike, and an exhaustive
 * search has its portions besides.
 */
export function streamsOf({ entries, schedules, seed }: Plan): readonly Stream[] {
  return entries.flatMap((entry, entryIndex) => {
    const drawn = entry.manners.filter(({ portions }) => portions === undefined);
    return entry.manners.map((manner, index) => ({
      block: entry.blocks[index] ?? 1,
      entry,
      entryIndex,
      key: `${entryIndex}.${index}`,
      manner,
      max:
        manner.portions ??
        (schedules === undefined
          ? Number.POSITIVE_INFINITY
          : shareOf(schedules, drawn.length, drawn.indexOf(manner))),
      seed: seedOf(seed, index),
    }));
  });
}

/** A piece of work: whoever has the scenario in this version can do it, and gets the same findings. */
export interface Job extends Range {
  readonly campaign: string;
  readonly entry: Pick<Entry, 'code' | 'params' | 'properties' | 'scenario' | 'time'>;
  readonly manner: Manner;
  readonly seed: number;
  readonly stepsMax: number;
  readonly stream: string;
}

/** The job of a stream for a range of its schedules. */
export function jobOf({ id, stepsMax }: Plan, stream: Stream, { count, from }: Range): Job {
  const { code, params, properties, scenario, time } = stream.entry;
  return {
    campaign: id,
    count,
    entry: { code, params, properties, scenario, ...(time === undefined ? {} : { time }) },
    from,
    manner: stream.manner,
    seed: stream.seed,
    stepsMax,
    stream: stream.key,
  };
}

function shareOf(all: number, parts: number, index: number): number {
  return Math.floor(all / parts) + (index < all % parts ? 1 : 0);
}

const digits = 12;

function idOf(plan: object): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, digits);
}
