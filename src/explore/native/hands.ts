/** How the leader halts those who help, lets them go on, and hears from them. */
import { SimulationError } from '../../core/errors.ts';
import type { Crew } from './crew.ts';
import * as field from './fields.ts';
import type { Heap } from './heap.ts';

/** The helpers in the leader's hand. */
export interface Hands {
  readonly areHalted: () => boolean;
  /** Ends it. */
  readonly dismiss: () => void;
  /** Lets those go on that are halted. */
  readonly goOn: () => void;
  /** Halts all. */
  readonly halt: () => void;
  /** Whether a helper lacks room. */
  readonly isHaltWanted: () => boolean;
  /** Rests until something is said that was not `seen`, or for a moment. */
  readonly rest: (seen: number) => void;
  readonly signal: () => number;
  /** The place of a world that a helper gives to the leader, or -1. */
  readonly take: () => number;
  /** How many have helped. */
  readonly helped: () => number;
}

const bytesOfWord = 4;
const headAt = field.headAt / bytesOfWord;
// Half a minute where a rest is 20 ms; no step should take so long.
const restsMaxDefault = 1500;

/** The hands of a crew; of none where there is no crew. */
export function createHands(heap: Heap, crew: Crew | undefined): Hands {
  const helpers = Array.from({ length: crew?.helpers ?? 0 }, (_, helper) => ownAt(helper + 1));
  const load = (at: number): number => Atomics.load(heap.words(), at);
  const store = (at: number, value: number): void => {
    Atomics.store(heap.words(), at, value);
  };
  const wake = (own: number): void => {
    // One that has failed stays so.
    Atomics.compareExchange(heap.words(), own + field.status, field.halted, field.running);
    Atomics.notify(heap.words(), own + field.status);
  };
  const areHalted = (): boolean =>
    helpers.every((own) => {
      const now = load(own + field.status);
      if (now === field.failed) throw helperFailed('it has ended');
      return now !== field.running;
    });
  const signal = (): number => load(headAt + field.signal);
  let [beats, rests] = [0, 0];
  const rest = (seen: number): void => {
    crew?.rest(heap.words(), headAt + field.signal, seen);
    const now = helpers.reduce((sum, own) => (sum + load(own + field.beat)) | 0, 0);
    rests = now === beats ? rests + 1 : 0;
    beats = now;
    if (rests > (crew?.restsMax ?? restsMaxDefault)) {
      throw helperFailed('it no longer gives a sign of life');
    }
  };
  return {
    areHalted,
    dismiss: () => {
      store(headAt + field.isOver, 1);
      for (const own of helpers) wake(own);
    },
    goOn: () => {
      for (const own of helpers) if (load(own + field.status) === field.halted) wake(own);
    },
    halt: () => {
      store(headAt + field.halt, 1);
      for (let seen = signal(); !areHalted(); seen = signal()) rest(seen);
      store(headAt + field.halt, 0);
    },
    helped: () => helpers.filter((own) => load(own + field.expanded) > 0).length,
    isHaltWanted: () => load(headAt + field.halt) !== 0,
    rest,
    signal,
    take: () => {
      for (const own of helpers) {
        const next = load(own + field.postHead);
        if (next === load(own + field.postTail)) continue;
        const place = load(own + field.post + (next & (field.postLength - 1)));
        store(own + field.postHead, (next + 1) | 0);
        return place;
      }
      return -1;
    },
  };
}

/** Where the own words of a party begin. */
export function ownAt(party: number): number {
  return (field.partyAt + party * field.partyBytes) / bytesOfWord;
}

/** The error of a helper that cannot go on. */
function helperFailed(why: string): SimulationError {
  return new SimulationError(
    'explore/helper-failed',
    `A thread that helps the search failed: ${why}. Search with one thread.`,
  );
}
