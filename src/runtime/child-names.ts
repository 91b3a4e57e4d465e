/**
 * Names of children: their own ids, or the k-th spawn of their source, counted by their parent's state
 * and never by a counter of the process.
 */
import type { AnyActor } from 'xstate';

import { SimulationError } from '../core/errors.ts';
import { isMachine } from './sources.ts';

/** How many unnamed children an actor has spawned, by their source. */
export type SpawnCounts = Readonly<Record<string, number>>;

/** The name of a child that was made just now, and the counts with it. */
export function nameChild(child: AnyActor, spawned: SpawnCounts): NamedChild {
  if (child.id !== '') return { name: checkedName(child.id), spawned };
  const source = sourceOf(child, 'actor');
  const count = spawned[source] ?? 0;
  return {
    name: checkedName(`${source}-${count}`),
    spawned: { ...spawned, [source]: count + 1 },
  };
}

/** A child's name, and its parent's counts after it. */
export interface NamedChild {
  readonly name: string;
  readonly spawned: SpawnCounts;
}

/** What a child was made of: the name of its source, or the id of the machine itself. */
export function sourceOf(child: AnyActor, otherwise: string): string {
  const source: unknown = child.src;
  if (typeof source === 'string') return source;
  return isMachine(source) ? source.id : otherwise;
}

/** Machine ids become parts of addresses: `0.(machine).idle` is fine, a slash is not. */
function checkedName(id: string): string {
  if (!/[/<>\s]/.test(id) && !id.startsWith('.')) return id;
  throw new SimulationError(
    'runtime/bad-child-id',
    `"${id}" cannot be the id of a child. Leave out "/", "<", ">", white space and a leading dot.`,
  );
}
