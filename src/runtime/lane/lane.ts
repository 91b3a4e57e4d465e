/**
 * A lane of our own for most steps of XState machines: it computes exactly what XState's `macrostep`
 * does, but what depends on the machine alone (which transitions an event may select, what is left,
 * entered and done) is worked out once and not at each event, and no snapshot is built. What it does not
 * know it leaves to XState, as a whole: making and stopping actors, history, outputs, and whatever throws.
 *
 * @see SCXML, "Algorithm for SCXML Interpretation"; XState 5.33, `stateUtils.ts`, `macrostep`.
 */
import type { AnyActorScope, AnyStateMachine } from 'xstate';

import { createMemo } from '../../core/memo.ts';
import type { EventObject, Local } from '../../kernel/effect.ts';
import { createConfigurations, snapshotIn } from './configuration.ts';
import type { Configuration, Configurations } from './configuration.ts';
import { planOf } from './plan.ts';
import type { Plan } from './plan.ts';
import { createSelector } from './selection.ts';
import type { Selector, Transitions } from './selection.ts';
import type { Turn } from './turn.ts';

/** What a step ended in. Its context need not be canonical. */
export interface Ending {
  readonly context: unknown;
  readonly mayHoldSymbols: boolean;
  /** Canonical. */
  readonly value: unknown;
}

/** What a step begins with. */
export interface Beginning {
  readonly event: EventObject;
  readonly local: Local;
  readonly scope: AnyActorScope;
}

/** The steps of one machine. */
export interface Lane {
  readonly configurations: Configurations;
  /** What the step ends in; `undefined` where it is left to XState, and whatever it threw. */
  readonly take: (beginning: Beginning) => Ending | undefined;
}

/** So many microsteps are taken here; what needs more is left to XState, which has a limit too. */
const microstepsMax = 100;

/** The lane of a machine. */
export function createLane(machine: AnyStateMachine): Lane {
  const configurations = createConfigurations(machine);
  const benchOf = createBenches(machine, configurations);
  return {
    configurations,
    take: ({ event, local, scope }) => {
      if (local.status !== 'active' || isXStates(event)) return undefined;
      const from = configurations.ofValue(local['value']);
      const turn: Turn = {
        changes: 0,
        event,
        isLeft: false,
        mayHoldSymbols: false,
        queue: [],
        scope,
        view: snapshotIn(from, local, local['historyValue']),
      };
      const end = macrostep(turn, benchOf(from), benchOf);
      if (end === undefined || turn.isLeft) return undefined;
      const { configuration } = end;
      return {
        context: turn.view.context,
        mayHoldSymbols: turn.mayHoldSymbols,
        value: configuration === from ? local['value'] : configuration.value,
      };
    },
  };
}

/** Events that mean something to XState itself. */
function isXStates({ type }: EventObject): boolean {
  return type === 'xstate.stop' || type === 'xstate.init' || type === '*';
}

/** A configuration, and what was found out of it. */
interface Bench {
  readonly configuration: Configuration;
  readonly planOf: (selected: Transitions) => Plan | undefined;
  readonly selector: Selector;
}

type BenchOf = (configuration: Configuration) => Bench;

function createBenches(machine: AnyStateMachine, configurations: Configurations): BenchOf {
  const known = createMemo<Configuration, Bench>();
  return (configuration) => {
    const seen = known.get(configuration);
    if (seen !== undefined) return seen;
    const place = { configurations, from: configuration, machine };
    const made: Bench = {
      configuration,
      planOf: createPlans((selected) => planOf(place, selected)),
      selector: createSelector(machine, configuration),
    };
    known.set(configuration, made);
    return made;
  };
}

/** Plans by what was selected. */
function createPlans(make: (selected: Transitions) => Plan | undefined): Bench['planOf'] {
  const single = new Map<Transitions[number], Plan | undefined>();
  const several = new Map<string, Plan | undefined>();
  const numbers = new Map<Transitions[number], number>();
  const numberOf = (transition: Transitions[number]): number => {
    const known = numbers.get(transition);
    if (known === undefined) numbers.set(transition, numbers.size);
    return known ?? numbers.size - 1;
  };
  return (selected) => {
    const [only] = selected;
    if (selected.length === 1 && only !== undefined) {
      return remember(single, only, () => make(selected));
    }
    return remember(several, selected.map(numberOf).join(), () => make(selected));
  };
}

function remember<K>(
  known: Map<K, Plan | undefined>,
  key: K,
  make: () => Plan | undefined,
): Plan | undefined {
  const seen = known.get(key);
  if (seen !== undefined || known.has(key)) return seen;
  const made = make();
  known.set(key, made);
  return made;
}

/**
 * The microsteps of one step: the event's, then eventless ones as long as something changes, then those
 * of events that were raised.
 */
function macrostep(turn: Turn, start: Bench, benchOf: BenchOf): Bench | undefined {
  const first = start.selector.onEvent(turn);
  // XState ends a machine that does not handle the failure of its child.
  if (first.length === 0 && turn.event.type.startsWith('xstate.error.actor')) return undefined;
  let at: Bench | undefined = microstep(turn, { bench: start, selected: first }, benchOf);
  let asksAlways = true;
  for (let count = 0; at !== undefined && count < microstepsMax; count += 1) {
    const { configuration, selector }: Bench = at;
    const eventless: Transitions =
      asksAlways && configuration.hasAlways ? selector.always(turn) : [];
    const isEventless: boolean = eventless.length > 0;
    if (!isEventless && turn.queue.length === 0) return at;
    const { changes } = turn;
    const selected = isEventless ? eventless : selectForRaised(turn, at);
    at = microstep(turn, { bench: at, selected }, benchOf);
    asksAlways = !isEventless || turn.changes > changes;
  }
  return undefined;
}

function selectForRaised(turn: Turn, { selector }: Bench): Transitions {
  turn.event = turn.queue.shift() ?? turn.event;
  return selector.onEvent(turn);
}

interface Microstep {
  readonly bench: Bench;
  readonly selected: Transitions;
}

function microstep(
  turn: Turn,
  { bench, selected }: Microstep,
  benchOf: BenchOf,
): Bench | undefined {
  if (selected.length === 0) return bench;
  const plan = bench.planOf(selected);
  if (plan === undefined) return undefined;
  for (const deed of plan.deeds) deed(turn);
  const { configuration } = bench;
  if (plan.end === configuration) return bench;
  turn.changes += 1;
  const { hasAlways, nodes, template } = plan.end;
  if (!plan.isInOrder && (hasAlways || turn.queue.length > 0)) return undefined;
  Object.assign(turn.view, { _nodes: nodes, tags: template.tags, value: template.value });
  return benchOf(plan.end);
}
