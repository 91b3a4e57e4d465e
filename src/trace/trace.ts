/** The trace file: a system by name, the departures of one run, and what came of it. Data only. */
import type { Loop } from '../explore/violation.ts';
import type { Run } from '../kernel/run.ts';
import type { Tape } from '../kernel/tape.ts';
import type { Property } from '../runtime/property.ts';
import type { Variant } from '../runtime/variant.ts';

/** What tells a trace from any other JSON. */
export const traceFormat = 'orrery-trace';

/** The version of the format that is written here, and the newest that is read. */
export const traceVersion = 1;

/** Data as JSON has it: what the parameters of a system are made of. */
export type Json = boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A run that can be made again, anywhere. */
export interface Trace {
  readonly format: typeof traceFormat;
  readonly version: typeof traceVersion;
  /** Made of its contents: equal traces have equal ids. */
  readonly id: string;
  readonly madeBy: { readonly orrery: string };
  readonly system: TracedSystem;
  /** The departures in order, and the same as one line to paste. */
  readonly departures: Tape;
  readonly tape: string;
  /** Why the run ended, and after how many choices. */
  readonly ended: Run['ended'];
  readonly steps: number;
  /** What was taken at each step and the world after it, so that a replay can say where it differs. */
  readonly log?: readonly LogEntry[];
  /** The hash of the last world. */
  readonly hash: string;
  /** What the run shows to be broken. */
  readonly property?: BrokenProperty;
}

/** Which system ran: who replays makes it anew from these. */
export interface TracedSystem {
  readonly name: string;
  readonly params: Readonly<Record<string, Json>>;
  /** What was said of it besides. */
  readonly variant?: Variant;
  /** The hash of its first world: another system, or other parameters, are noticed at once. */
  readonly start: string;
}

/** One step of the log. */
export interface LogEntry {
  /** The causal name of the choice. */
  readonly name: string;
  /** The choice in words. */
  readonly what: string;
  /** The first half of the hash of the world after it. */
  readonly hash: string;
}

/** A property that did not hold, and how. */
export interface BrokenProperty {
  readonly name: string;
  readonly message: string;
  /** What sort of property it is. */
  readonly kind?: Property['type'];
  /** The part of the run that comes again and again, where only a run without end breaks it. */
  readonly loop?: Loop;
  /** The run that ends otherwise, where two must agree. */
  readonly other?: TracedRun;
}

/** A second run: it needs no log of its own. */
export interface TracedRun extends Pick<Trace, 'departures' | 'ended' | 'hash' | 'steps' | 'tape'> {
  /** The name of the variant that made it, where it is not the system of the trace. */
  readonly system?: string;
}
