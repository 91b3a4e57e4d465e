/** How the schedules of a campaign are chosen, run after run. */
import type { Chooser, Run } from '../../kernel/run.ts';
import type { System } from '../../runtime/system.ts';

/**
 * A way to choose schedules. To write one, give it a name and say how a campaign begins; what the
 * choosers see are the world's choices, with their causal names, senders and receivers.
 */
export interface Strategy {
  readonly name: string;
  /** Begins a campaign. All that is drawn must come from its seed: the same campaign, the same runs. */
  readonly begin: (campaign: Campaign) => Schedules;
  /** Set where schedules are uniform random walks, which `sample` may take over interned worlds. */
  readonly uniform?: Misfortune;
}

/** How often a strategy lets a fault happen. */
export interface Misfortune {
  /** How probable a fault is at a point that offers one; 0.05 unless said otherwise. */
  readonly faultRate?: number;
}

/** What a strategy is told at the beginning. */
export interface Campaign {
  readonly seed: number;
  /** Steps after which a run ends. */
  readonly stepsMax: number;
  readonly system: System;
}

/** The schedules of one campaign. */
export interface Schedules {
  /**
   * The chooser of the run of this number, from 0 and in turn; `undefined` where no schedule is left.
   * It is asked at each point, also where there is only one option.
   */
  readonly next: (index: number) => Chooser | undefined;
  /** Told of each run that has ended. */
  readonly learn?: (ended: EndedRun) => void;
  /** The schedule that was made last, in a few words: `one delay`. */
  readonly describe?: () => string;
  /** What the campaign has shown so far, in sentences: the bound of a strategy that has one. */
  readonly notes?: () => readonly string[];
}

/** A run that has ended, for strategies that learn. */
export interface EndedRun {
  readonly index: number;
  /** Worlds that no run before it had come to, as far as they were counted. */
  readonly newWorlds: number;
  readonly run: Run;
}
