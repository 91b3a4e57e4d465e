import type { Property, SystemDefinition } from '../../src/index.ts';

/** What must hold of any cluster, and of whom it speaks. */
export interface Invariant {
  readonly name: InvariantName;
  /** What it claims, in one line, with its form under faults. */
  readonly about: string;
  /** Whether it speaks of devices, and so only of clusters that have some. */
  readonly isForDevices?: true;
  readonly of: (watched: WatchedCluster) => Property;
}

/** `P1` to `P16` speak of what users mind, `S1` to `S25` of the protocol's own tables, `D1` of devices. */
export type InvariantName = `D${number}` | `P${number}` | `S${number}`;

/** A cluster whose invariants are looked at. */
export interface WatchedCluster {
  /** The addresses of its workers, by place; that is their id, unless they join a group by another. */
  readonly addresses: readonly string[];
  /** Whether its workers have devices. */
  readonly hasDevices: boolean;
  /** The same cluster, in which nothing fails. */
  readonly undisturbed: SystemDefinition;
}
