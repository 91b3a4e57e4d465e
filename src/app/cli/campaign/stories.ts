/** The stories of a campaign: its shortest failing runs made small, and those that are alike told once. */
import { basename, join } from 'node:path';

import { mannerName } from '../../../explore/campaign/manner.ts';
import type { Witness } from '../../../explore/campaign/witness.ts';
import type { Pool } from '../campaign-pool.ts';
import { writeText } from '../files.ts';
import type { Stream } from './plan.ts';
import type { Standing } from './standing.ts';
import type { Story } from './story.ts';

/** A way in which a property was seen to break. */
export interface Failure {
  readonly entry: number;
  readonly lines: readonly string[];
  /** The manner and the number of the schedule that found it. */
  readonly manner: string;
  readonly property: string;
  readonly schedule: number;
  readonly steps: number;
  readonly stepsBefore: number;
  /** The trace file; `null` where the run does not come out alike twice. */
  readonly trace: string | null;
}

/** Runs that are made small for each property: of the shortest that different manners have found. */
const storiesMax = 3;

interface Found {
  readonly property: string;
  readonly stream: Stream;
  readonly witness: Witness;
}

/** Tells the stories, and writes their traces into a folder. */
export async function tellStories(
  standing: Standing,
  pool: Pool,
  { folder, stop }: { readonly folder: string; readonly stop: AbortSignal },
): Promise<readonly Failure[]> {
  const told = await Promise.all(
    chosen(standing).map(async (found) => {
      const { property, stream, witness } = found;
      const { entry, manner } = stream;
      // A story that is not told is told when the campaign is gone on with.
      if (stop.aborted) return [];
      const reply = await pool.run({ task: { entry, manner, property, witness }, type: 'story' });
      if (reply.type === 'told') return [{ found, story: reply.story }];
      const lines = reply.type === 'mistaken' ? [reply.message] : [];
      const story: Story = {
        key: lines.join(),
        lines,
        steps: witness.steps,
        stepsBefore: witness.steps,
      };
      return [{ found, story }];
    }),
  );
  return written(told.flat(), folder);
}

/** Of each property of an entry the shortest witnesses, each of another manner. */
function chosen({ plan, stateOf, streams }: Standing): readonly Found[] {
  const all = streams.flatMap((stream) =>
    stateOf(stream.key).findings.broken.flatMap(({ property, witnesses: [witness] }): Found[] =>
      witness === undefined ? [] : [{ property, stream, witness }],
    ),
  );
  return plan.entries.flatMap((_, index) => {
    const here = all.filter(({ stream }) => stream.entryIndex === index);
    const properties = [...new Set(here.map(({ property }) => property))].toSorted();
    return properties.flatMap((name) =>
      here
        .filter(({ property }) => property === name)
        .toSorted((one, other) => one.witness.steps - other.witness.steps)
        .slice(0, storiesMax),
    );
  });
}

interface Told {
  readonly found: Found;
  readonly story: Story;
}

function written(told: readonly Told[], folder: string): readonly Failure[] {
  const seen = new Set<string>();
  const names = new Set<string>();
  return told.flatMap(({ found: { property, stream, witness }, story }): Failure[] => {
    const key = `${stream.entryIndex}\n${property}\n${story.key}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const { lines, steps, stepsBefore, trace } = story;
    return [
      {
        entry: stream.entryIndex,
        lines,
        manner: mannerName(stream.manner),
        property,
        schedule: witness.schedule,
        steps,
        stepsBefore,
        trace:
          trace === undefined ? null : write(join(folder, freeName(names, trace.name)), trace.text),
      },
    ];
  });
}

function write(path: string, text: string): string {
  writeText(path, text);
  return path;
}

/** A second story of one property is called `….2.trace.json`. */
function freeName(names: Set<string>, wanted: string): string {
  const stem = basename(wanted, '.trace.json');
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${stem}.${number}.trace.json`;
    if (names.has(name)) continue;
    names.add(name);
    return name;
  }
}
