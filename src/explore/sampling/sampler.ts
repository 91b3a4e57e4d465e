/** What makes the runs of a campaign. */
import type { Digest } from '../../core/digest.ts';
import type { Chooser, Run } from '../../kernel/run.ts';
import type { Property } from '../../runtime/property.ts';
import type { OtherRun } from '../violation.ts';
import type { Broken, JudgeMemory } from './judge.ts';
import type { Sightings } from './sightings.ts';

/** Makes runs and judges them. */
export interface Sampler {
  /** Whether its tables were full once: from then on it tells of no worlds. */
  readonly isFull: () => boolean;
  readonly make: (index: number, choose: Chooser) => Made;
  /** What there is to know of how the runs were made. */
  readonly notes: () => readonly string[];
}

/** A run, and what it breaks. */
export interface Made {
  readonly broken: Broken;
  /** Why it ended: also where the bound on worlds leaves them out. */
  readonly ended: Run['ended'] | 'outside';
  readonly newWorlds: number;
  /** The end that disagrees with this one. */
  readonly other?: OtherRun;
  /** The run on the plain kernel; to be asked for before the next one is made. */
  readonly run: () => Run;
  readonly steps: number;
}

/** What a sampler needs. */
export interface SamplerOptions {
  readonly memory: JudgeMemory;
  /**
   * Told of each world that is counted as new, by a hash of its contents. Walks over interned worlds hash
   * otherwise than the plain kernel does.
   */
  readonly onWorld?: ((world: Digest) => void) | undefined;
  readonly properties: readonly Property[];
  readonly sightings: Sightings;
  readonly stepsMax: number;
}
