/** What a check found to be broken. */
import type { Run } from '../kernel/run.ts';

/** A broken property, and what shows it; a `sometimes` that never held has no run. */
export interface Violation {
  readonly property: string;
  /** A run of the plain kernel that breaks it: its tape replays. */
  readonly run?: Run;
  /** The part of `run` that can be taken again and again, where only a run without end breaks it. */
  readonly loop?: Loop;
  /** The run that ends otherwise than `run`, where two must agree. */
  readonly other?: OtherRun;
  /** What the verdict takes for granted, in a sentence. */
  readonly assumes?: string;
  /** The place of the variant that makes `run`, where it is not the system that was checked. */
  readonly variant?: number;
}

/** A part of a run after which the world is as it was before. */
export interface Loop {
  /** The place among the run's steps of the first one that comes again; the run ends with its last. */
  readonly from: number;
}

/** The second run of a pair. */
export interface OtherRun {
  readonly run: Run;
  /** The place of the variant that makes it, where it is not the system that was checked. */
  readonly variant?: number;
}
