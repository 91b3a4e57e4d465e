/** From a run to its trace file. */
import { customRandom } from 'nanoid';

import { canonical } from '../core/canonical.ts';
import { chain, digest } from '../core/digest.ts';
import type { Digest } from '../core/digest.ts';
import { SimulationError } from '../core/errors.ts';
import { divergenceOf } from '../explore/divergence.ts';
import { describeChoice } from '../kernel/choice.ts';
import { runSystem } from '../kernel/run.ts';
import type { Run } from '../kernel/run.ts';
import { formatTape } from '../kernel/tape.ts';
import type { System } from '../runtime/system.ts';
import type { Variant } from '../runtime/variant.ts';
import { traceFormat, traceVersion } from './trace.ts';
import type { BrokenProperty, Json, LogEntry, Trace } from './trace.ts';
import { orreryVersion } from './version.ts';

/** What a trace says beyond its run. */
export interface RecordOptions {
  /** What the system was made from, for whoever makes it again. */
  readonly params?: Readonly<Record<string, Json>>;
  readonly property?: BrokenProperty;
  /** What was said of the system besides its parameters. */
  readonly variant?: Variant;
}

/**
 * The trace of a run. The run is made once more from its tape, so that what is written is known to
 * repeat, and each step's hash is noted on the way.
 *
 * @throws {SimulationError} `trace/not-repeatable` if the second run comes out otherwise.
 */
export function recordTrace(
  system: System,
  run: Pick<Run, 'ended' | 'hash' | 'steps' | 'tape'>,
  { params = {}, property, variant }: RecordOptions = {},
): Trace {
  const steps = run.steps.length - 1;
  const { log, start } = repeat(system, run, steps);
  return {
    format: traceFormat,
    version: traceVersion,
    id: nameOf(chain(digest(canonical({ name: system.name, params })), digest(run.hash)), run),
    madeBy: { orrery: orreryVersion },
    system: { name: system.name, params, start, ...(variant === undefined ? {} : { variant }) },
    departures: run.tape,
    tape: formatTape(run.tape),
    ended: run.ended,
    steps,
    log,
    hash: run.hash,
    ...(property === undefined ? {} : { property }),
  };
}

/** The text of a trace file; `readTrace` gives the trace back. */
export function formatTrace(trace: Trace): string {
  const { departures, log, ...rest } = trace;
  const head = JSON.stringify(rest, undefined, 2).replace(/\n\}$/, '');
  const lists = { departures, ...(log === undefined ? {} : { log }) };
  const parts = Object.entries(lists).map(([key, items]) => {
    const lines = items.map((item) => `\n    ${JSON.stringify(item)}`).join(',');
    return `,\n  ${JSON.stringify(key)}: [${lines}${items.length === 0 ? '' : '\n  '}]`;
  });
  return `${head}${parts.join('')}\n}\n`;
}

function repeat(
  system: System,
  run: Pick<Run, 'ended' | 'hash' | 'steps' | 'tape'>,
  steps: number,
): { readonly log: readonly LogEntry[]; readonly start: string } {
  const log: LogEntry[] = [];
  let start = '';
  const again = runSystem(system, {
    tape: run.tape,
    stepsMax: run.ended === 'quiescent' ? steps + 1 : steps,
    onStep: ({ choice }, world) => {
      const hash = system.hash(world);
      if (choice === undefined) start = hash;
      else log.push({ name: choice.name, what: describeChoice(choice), hash: hash.slice(0, 8) });
    },
  });
  if (again.hash !== run.hash || log.length !== steps) {
    throw new SimulationError(
      'trace/not-repeatable',
      `The run ended with ${run.hash} after ${steps} steps, but its tape gives ${again.hash} after ` +
        `${log.length}. ${divergenceOf(system, run)?.why ?? `They are not of one run of "${system.name}".`}`,
    );
  }
  return { log, start };
}

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
const idLength = 12;

/** A name drawn from the contents as from a die. */
function nameOf(seed: Digest, { ended, tape }: Pick<Run, 'ended' | 'tape'>): string {
  let state = chain(chain(seed, digest(ended)), digest(formatTape(tape)));
  return customRandom(alphabet, idLength, (size) =>
    Uint8Array.from({ length: size }, (_, index) => {
      state = chain(state, digest(index));
      return state.a & 0xff;
    }),
  )();
}
