/** One run of a system: a world, a way to choose, and what came of it. */
import { SimulationError } from '../core/errors.ts';
import type { Choice } from './choice.ts';
import { isExternal } from './choice.ts';
import type { Kernel } from './kernel.ts';
import type { Step } from './step.ts';
import { endPoint } from './tape.ts';
import type { Departure, Tape } from './tape.ts';
import type { World } from './world.ts';

/**
 * Chooses what happens next. `options` are the world's choices, dullest first; where the system has
 * nothing left to do the first is `undefined`: to end. An answer that is too large is clamped.
 */
export type Chooser = (options: readonly (Choice | undefined)[], world: World) => number;

/** How a run is made. */
export interface RunOptions {
  /** Departures to follow, and whether one that does not fit is an error; the empty tape unless given. */
  readonly tape?: Tape;
  readonly replay?: 'strict' | 'tolerant';
  /** Chooses instead of a tape. */
  readonly chooser?: Chooser;
  /** Whether the chooser is asked at each point, also where there is only one option. */
  readonly asksAlways?: boolean;
  /** Told of each step as it happens. */
  readonly onStep?: (step: Step, world: World) => void;
  /** Steps after which the run ends; a million unless said otherwise. */
  readonly stepsMax?: number;
  /** Ends the run. */
  readonly until?: (world: World) => boolean;
}

/** A run that has ended, and why. */
export interface Run {
  readonly ended: 'quiescent' | 'steps-max' | 'until';
  readonly hash: string;
  readonly steps: readonly Step[];
  /** The departures that were taken. */
  readonly tape: Tape;
  readonly world: World;
}

const stepsMaxDefault = 1_000_000;

/**
 * Runs a system from its start.
 *
 * @throws {SimulationError} `kernel/tape-mismatch` in strict replay, if a departure does not fit.
 */
export function runSystem(kernel: Kernel, options: RunOptions = {}): Run {
  const { stepsMax = stepsMaxDefault, until } = options;
  const steps: Step[] = [];
  const note = (step: Step, world: World): void => {
    steps.push(step);
    options.onStep?.(step, world);
  };
  const start = kernel.start();
  let { world } = start;
  note(start.step, world);
  const guide = createGuide(kernel, options);
  const close = (ended: Run['ended']): Run => {
    guide.close(ended);
    return { ended, hash: kernel.hash(world), steps, tape: guide.taken(), world };
  };
  for (;;) {
    if (until?.(world) === true) return close('until');
    if (steps.length > stepsMax) return close('steps-max');
    const choice = guide.next(world);
    if (choice === undefined) return close('quiescent');
    const applied = kernel.apply(world, choice);
    world = applied.world;
    note(applied.step, world);
  }
}

interface Guide {
  readonly close: (ended: Run['ended']) => void;
  readonly next: (world: World) => Choice | undefined;
  readonly taken: () => Tape;
}

function createGuide(kernel: Kernel, options: RunOptions): Guide {
  return options.chooser === undefined
    ? createTapeGuide(kernel, options.tape ?? [], options.replay ?? 'strict')
    : createChooserGuide(kernel, options.chooser, options.asksAlways === true);
}

function createChooserGuide(kernel: Kernel, chooser: Chooser, asksAlways: boolean): Guide {
  const taken: Departure[] = [];
  return {
    close: () => undefined,
    next: (world) => {
      const options = optionsOf(kernel, world);
      const isAsked = asksAlways || options.length > 1;
      const index = clamp(isAsked ? chooser(options, world) : 0, options.length - 1);
      const choice = options[index];
      if (index > 0 && choice !== undefined) {
        taken.push({ at: options[0]?.name ?? endPoint, take: choice.name });
      }
      return choice;
    },
    taken: () => taken,
  };
}

/** Departures of one point are taken in their order; points come in the order of the run. */
function createTapeGuide(kernel: Kernel, tape: Tape, replay: 'strict' | 'tolerant'): Guide {
  const waiting = new Map<string, Departure[]>();
  for (const departure of tape) {
    const known = waiting.get(departure.at);
    if (known === undefined) waiting.set(departure.at, [departure]);
    else known.push(departure);
  }
  const taken: Departure[] = [];
  return {
    close: (ended) => {
      const left = [...waiting.values()].flat();
      if (replay === 'strict' && left.length > 0 && ended === 'quiescent')
        throw mismatch(left, taken);
    },
    next: (world) => {
      const dull = kernel.dullest(world);
      const point = dull?.name ?? endPoint;
      const here = waiting.get(point);
      if (here === undefined) return dull;
      const offered = new Map(kernel.choices(world).map((choice) => [choice.name, choice]));
      for (const [index, departure] of here.entries()) {
        const choice = offered.get(departure.take);
        if (choice === undefined) {
          if (replay === 'strict') throw mismatch([departure], taken);
          continue;
        }
        here.splice(0, index + 1);
        if (here.length === 0) waiting.delete(point);
        taken.push(departure);
        return choice;
      }
      return dull;
    },
    taken: () => taken,
  };
}

/** The world's choices; to end comes first where the system has nothing left to do. */
function optionsOf(kernel: Kernel, world: World): readonly (Choice | undefined)[] {
  const choices = kernel.choices(world);
  const [first] = choices;
  return first === undefined || isExternal(first) ? [undefined, ...choices] : choices;
}

/** Never modulo, which would break shrinking; what is no number is the dullest. */
function clamp(index: number, most: number): number {
  return Math.min(Math.max(0, Math.trunc(index) || 0), most);
}

function mismatch(left: Tape, taken: Tape): SimulationError {
  const [first] = left;
  return new SimulationError(
    'kernel/tape-mismatch',
    `After ${taken.length} departures, "${first?.take}" was to be taken where "${first?.at}" is next, ` +
      'but this run does not offer it there. The system or its parameters differ from those of the ' +
      'recording: replay it on the same version, or tolerantly.',
  );
}
