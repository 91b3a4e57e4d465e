/**
 * A run as events on lanes with what caused each: what every tool that draws happened-before needs. A step is
 * one event, but for the start, which is one on each lane. What befalls a message between two lanes is an
 * event of the network, so that nobody seems to have known of a loss.
 */
import { rootOf } from '../../core/address.ts';
import { unreachable } from '../../core/errors.ts';
import type { Choice } from '../../kernel/choice.ts';
import type { Step } from '../../kernel/step.ts';
import { originsOf } from '../origins.ts';
import type { Origin } from '../origins.ts';
import type { Naming, RowOptions } from '../rows.ts';
import { plain, typeOf } from '../words.ts';

/** Something that happened at one place. */
export interface CausedEvent {
  /** Who took part: an actor or a node, or the network. */
  readonly actor: string;
  /** Virtual microseconds since the start of the run. */
  readonly at: number;
  /** The event of this list that sent the message or set the timer, where there is one. */
  readonly cause?: number;
  readonly kind: Choice['type'] | 'start';
  /** Whom it befell, in one word. */
  readonly label: string;
  readonly lane: string;
  /** Set for a message: the lanes between which it went, and why it reached nobody. */
  readonly message?: CausedMessage;
  readonly step: number;
}

/** A message that arrived, was lost or was doubled. */
export interface CausedMessage {
  readonly from: string;
  readonly lost?: string;
  readonly to: string;
}

/** The events of a run, and its lanes in the order of their first event. */
export interface CausedRun {
  readonly events: readonly CausedEvent[];
  readonly lanes: readonly string[];
}

/** The lane of what happens between nodes. */
export const networkLane = '(network)';

/** The events of a run, each after what caused it. */
export function causedRun(steps: readonly Step[], options: RowOptions = {}): CausedRun {
  const { label = typeOf, laneOf = rootOf } = options;
  const naming: Naming = {
    label: (event) => plain(label(event)),
    laneOf: (at) => plain(laneOf(at)),
  };
  const originOf = originsOf(steps);
  const events: CausedEvent[] = [];
  const places = new Map<number, number>();
  // Only the start has an event on each lane.
  const placeOf = ({ actor, step }: Origin): number =>
    places.get(step) ?? events.findIndex(({ lane }) => lane === naming.laneOf(actor));
  for (const step of steps) {
    const { at, choice, index } = step;
    if (choice === undefined) {
      events.push(...startsOf(step, naming));
      continue;
    }
    const origin = originOf(choice);
    const cause = origin === undefined ? -1 : placeOf(origin);
    places.set(index, events.length);
    events.push({
      ...whereOf(step, choice, naming),
      at,
      kind: choice.type,
      step: index,
      ...(cause < 0 ? {} : { cause }),
    });
  }
  return { events, lanes: [...new Set(events.map(({ lane }) => lane))] };
}

function startsOf({ at, happened, index }: Step, { laneOf }: Naming): readonly CausedEvent[] {
  const lanes = happened.flatMap((one) => (one.type === 'started' ? [laneOf(one.actor)] : []));
  return [...new Set(lanes)].map((lane) => ({
    actor: lane,
    at,
    kind: 'start',
    label: 'start',
    lane,
    step: index,
  }));
}

type Where = Pick<CausedEvent, 'actor' | 'label' | 'lane' | 'message'>;

function whereOf(step: Step, choice: Choice, { label, laneOf }: Naming): Where {
  switch (choice.type) {
    case 'deliver':
    case 'drop':
    case 'duplicate': {
      const [from, to] = [laneOf(choice.from), laneOf(choice.to)];
      const [first] = step.happened;
      const message = { from, to, ...(first?.type === 'lost' ? { lost: first.why } : {}) };
      const isBetween = choice.type !== 'deliver' || message.lost !== undefined;
      return {
        actor: isBetween ? networkLane : choice.to,
        label: label(choice.event),
        lane: isBetween && from !== to ? networkLane : to,
        message,
      };
    }
    case 'early':
    case 'fire':
    case 'input':
      return { actor: choice.actor, label: label(choice.event), lane: laneOf(choice.actor) };
    case 'heal':
    case 'partition':
      return { actor: networkLane, label: plain(choice.partition), lane: networkLane };
    case 'crash':
    case 'pause':
    case 'restart':
    case 'resume':
      return { actor: choice.node, label: plain(choice.node), lane: plain(choice.node) };
    default:
      return unreachable(choice);
  }
}

/** What an event is, in a line. */
export function wordsOf({ kind, label, message }: CausedEvent): string {
  if (message !== undefined) {
    const fate = message.lost === undefined ? '' : ` (lost: ${message.lost})`;
    return `${kind} ${label} ${message.from} -> ${message.to}${fate}`;
  }
  return kind === label ? kind : `${kind} ${label}`;
}
