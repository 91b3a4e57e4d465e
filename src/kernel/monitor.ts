/**
 * A monitor is a pure fold over what happens; its state is part of the world, so that a property can
 * speak of the past and two worlds with different pasts are different where it matters.
 */
import { canonical } from '../core/canonical.ts';
import { messageOf, SimulationError, unreachable } from '../core/errors.ts';
import type { Happening } from './step.ts';

/** What a monitor is told: happenings without what belongs to the run alone, its names. */
export type Fact =
  | Told<'received' | 'emitted' | 'stopped' | 'failed' | 'lost'>
  | Omit<Told<'started'>, 'logic'>
  | Omit<Told<'sent'>, 'name'>;

type Told<Type extends Happening['type']> = Extract<Happening, { readonly type: Type }>;

/** A fold over facts. Its state is plain data. */
export interface Monitor {
  readonly name: string;
  /** The facts that it is told; the fewer, the smaller and faster a search. */
  readonly facts: readonly Fact['type'][];
  readonly initial: unknown;
  /** The state after a fact; the same state where it does not matter. */
  readonly step: (state: never, fact: Fact) => unknown;
}

/** The states of all monitors, in the order of the system's list. */
export type MonitorStates = readonly unknown[];

/** The states before anything happened. */
export function firstStates(monitors: readonly Monitor[]): MonitorStates {
  return canonical(
    monitors.map(({ initial }) => initial),
    'monitors',
  );
}

/** The states after a fact; the same list when no monitor minds. */
export function afterFact(
  monitors: readonly Monitor[],
  states: MonitorStates,
  fact: Fact,
): MonitorStates {
  const next = monitors.map(({ facts, name, step }, index) => {
    const before = states[index];
    if (!facts.includes(fact.type)) return before;
    const after = afterStep({ before, fact, name, step });
    return after === before ? before : canonical(after, `monitor ${name}`);
  });
  return next.every((state, index) => state === states[index]) ? states : canonical(next);
}

interface Telling extends Pick<Monitor, 'name' | 'step'> {
  readonly before: unknown;
  readonly fact: Fact;
}

/** The state after a fact. What a monitor throws is a mistake of its own. */
function afterStep({ before, fact, name, step }: Telling): unknown {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its own state
    return step(before as never, fact);
  } catch (thrown) {
    if (thrown instanceof SimulationError) throw thrown;
    throw new SimulationError(
      'kernel/monitor-threw',
      `The monitor "${name}" threw when it was told that something was "${fact.type}": ${messageOf(thrown)}. ` +
        'A monitor is a pure fold; let it give its state back where a fact does not matter to it.',
      { cause: thrown },
    );
  }
}

/** What of a happening monitors are told. */
function factOf(happening: Happening): Fact | undefined {
  switch (happening.type) {
    case 'received':
    case 'emitted':
    case 'stopped':
    case 'failed':
    case 'lost':
      return happening;
    case 'sent':
      return { event: happening.event, from: happening.from, to: happening.to, type: 'sent' };
    case 'started':
      return { actor: happening.actor, type: 'started' };
    case 'moved':
    case 'scheduled':
    case 'cancelled':
    case 'acted':
    case 'logged':
      return undefined;
    default:
      return unreachable(happening);
  }
}

/** The states after a step's happenings. */
export function afterHappenings(
  monitors: readonly Monitor[],
  states: MonitorStates,
  happened: readonly Happening[],
): MonitorStates {
  if (monitors.length === 0) return states;
  let next = states;
  for (const happening of happened) {
    const fact = factOf(happening);
    if (fact !== undefined) next = afterFact(monitors, next, fact);
  }
  return next;
}
