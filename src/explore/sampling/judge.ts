/** Judges the runs of a campaign by what must hold, world by world and at their ends. */
import { canonical } from '../../core/canonical.ts';
import { formatDigest, digest } from '../../core/digest.ts';
import { SimulationError, unreachable } from '../../core/errors.ts';
import type { Predicate, Property } from '../../runtime/property.ts';
import type { View } from '../../runtime/view.ts';
import { askedAgain, observed } from '../verdict.ts';

/** The properties that one world breaks, by name; `undefined` where it breaks none. */
export type Broken = readonly string[] | undefined;

/** A judge of runs; it names all properties that a world breaks, so that none is hidden by another. */
export interface Judge<World> {
  /** A run begins. */
  readonly begin: () => void;
  /** What a world breaks by itself. */
  readonly look: (world: World) => Broken;
  /**
   * What a world breaks in which the system has nothing left to do of its own. As inputs are never owed, a
   * run may end there: what was to come and has not come by then is missed.
   */
  readonly rest: (world: World) => Broken;
  /** What an end breaks that differs from another, where the environment has nothing left to give either. */
  readonly settle: (world: World) => Broken;
}

/** What a campaign has shown of its properties so far, by name; several judges may share it. */
export interface JudgeMemory {
  /** The `sometimes` properties that were seen to hold. */
  readonly reached: Set<string>;
  /** The properties that runs have put to the test: what they speak of came. */
  readonly tested: Set<string>;
}

/** How the judge reads worlds. */
export interface Reading<World> {
  readonly ask: (predicate: Predicate) => (world: World) => boolean;
  readonly viewOf: (world: World) => View;
}

/**
 * A judge of runs by some properties.
 *
 * @throws {SimulationError} `explore/not-sampled` for `agreeAcross`, which speaks of other systems.
 */
export function createJudge<World>(
  properties: readonly Property[],
  memory: JudgeMemory,
  reading: Reading<World>,
): Judge<World> {
  const cases = properties.map((property) => caseOf(property, memory, reading));
  const casesBy = (key: 'look' | 'rest' | 'settle'): ((world: World) => Broken) => {
    const those = cases.flatMap((one) => {
      const ask = one[key];
      return ask === undefined ? [] : [{ ask, name: one.name }];
    });
    return (world) => {
      let broken: string[] | undefined;
      for (let index = 0; index < those.length; index += 1) {
        const one = those[index];
        if (one?.ask(world) === true) (broken ??= []).push(one.name);
      }
      return broken;
    };
  };
  return {
    begin: () => {
      for (const { begin } of cases) begin?.();
    },
    look: casesBy('look'),
    rest: casesBy('rest'),
    settle: casesBy('settle'),
  };
}

/** One property: what breaks it, and where. */
interface Case<World> {
  readonly name: string;
  readonly begin?: () => void;
  readonly look?: (world: World) => boolean;
  readonly rest?: (world: World) => boolean;
  readonly settle?: (world: World) => boolean;
}

function caseOf<World>(
  property: Property,
  memory: JudgeMemory,
  { ask, viewOf }: Reading<World>,
): Case<World> {
  const { name } = property;
  const asking = (predicate: Predicate): ((world: World) => boolean) =>
    ask(askedAgain(name, predicate));
  switch (property.type) {
    case 'always': {
      memory.tested.add(name);
      const holds = asking(property.holds);
      return { look: (world) => !holds(world), name };
    }
    case 'never':
      memory.tested.add(name);
      return { look: asking(property.holds), name };
    case 'sometimes':
      return sometimesCase(name, memory, asking(property.holds));
    case 'atQuiescence':
      return restCase(name, memory, asking(property.holds));
    case 'deadlockFree':
      return restCase(name, memory, asking(property.isDone));
    case 'eventually':
      return eventuallyCase(name, memory, asking(property.holds));
    case 'leadsTo':
      return leadsToCase(name, memory, { from: asking(property.from), to: asking(property.to) });
    case 'agree': {
      const observe = observed(name, property.observe);
      return agreeCase(name, memory, (world) => observe(viewOf(world)));
    }
    case 'agreeAcross':
      throw new SimulationError(
        'explore/not-sampled',
        `"${name}" compares the ends of several systems, which samples of one cannot. Search them all.`,
      );
    default:
      return unreachable(property);
  }
}

function sometimesCase<World>(
  name: string,
  { reached, tested }: JudgeMemory,
  holds: (world: World) => boolean,
): Case<World> {
  return {
    look: (world) => {
      if (!reached.has(name) && holds(world)) {
        reached.add(name);
        tested.add(name);
      }
      return false;
    },
    name,
  };
}

function restCase<World>(
  name: string,
  { tested }: JudgeMemory,
  holds: (world: World) => boolean,
): Case<World> {
  return {
    name,
    rest: (world) => {
      tested.add(name);
      return !holds(world);
    },
  };
}

/** Only where a run may end can it be said to have missed something. */
function eventuallyCase<World>(
  name: string,
  { tested }: JudgeMemory,
  holds: (world: World) => boolean,
): Case<World> {
  let hasHeld = false;
  return {
    begin: () => {
      hasHeld = false;
    },
    look: (world) => {
      hasHeld ||= holds(world);
      return false;
    },
    name,
    rest: () => {
      tested.add(name);
      return !hasHeld;
    },
  };
}

interface Ends<World> {
  readonly from: (world: World) => boolean;
  readonly to: (world: World) => boolean;
}

function leadsToCase<World>(
  name: string,
  { tested }: JudgeMemory,
  { from, to }: Ends<World>,
): Case<World> {
  let isOwed = false;
  return {
    begin: () => {
      isOwed = false;
    },
    look: (world) => {
      if (from(world)) {
        isOwed = true;
        tested.add(name);
      }
      if (isOwed && to(world)) isOwed = false;
      return false;
    },
    name,
    rest: () => isOwed,
  };
}

function agreeCase<World>(
  name: string,
  { tested }: JudgeMemory,
  observe: (world: World) => unknown,
): Case<World> {
  let first: string | undefined;
  return {
    name,
    settle: (world) => {
      const seen = formatDigest(digest(canonical(observe(world), name)));
      if (first !== undefined) tested.add(name);
      first ??= seen;
      return seen !== first;
    },
  };
}
