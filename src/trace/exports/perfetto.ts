/**
 * A run as Chrome's trace event JSON, which Perfetto and chrome://tracing read: a process for each node, a
 * thread for each actor, a slice for each step, an arrow (a flow) for each message or timer. The axis is the
 * order of the steps, a step a millisecond: many steps share one moment of virtual time, which is an argument.
 *
 * @see "Trace Event Format", Google, 2016: complete events, instant events, flow events, metadata.
 */
import type { Step } from '../../kernel/step.ts';
import type { RowOptions } from '../rows.ts';
import { causedRun, networkLane, wordsOf } from './causes.ts';
import type { CausedEvent, CausedRun } from './causes.ts';

/** Microseconds of the axis that a step takes, and how much of them its slice fills. */
const stepUs = 1000;
const sliceUs = 800;

/** The text of the file. */
export function perfetto(steps: readonly Step[], options: RowOptions = {}): string {
  const run = causedRun(steps, options);
  const places = placesOf(run);
  const traceEvents = [
    ...names(places),
    ...run.events.flatMap((event) => eventsOf(run.events, event, places)),
  ];
  return `${JSON.stringify({ displayTimeUnit: 'ms', traceEvents }, undefined, 1)}\n`;
}

interface Place {
  readonly pid: number;
  readonly tid: number;
}

/** Where the events of an actor on a lane stand, by both. */
type Places = ReadonlyMap<string, Place & Pick<CausedEvent, 'actor' | 'lane'>>;

function placesOf({ events, lanes }: CausedRun): Places {
  const places = new Map<string, Place & Pick<CausedEvent, 'actor' | 'lane'>>();
  for (const { actor, lane } of events) {
    const key = keyOf({ actor, lane });
    if (places.has(key)) continue;
    places.set(key, { actor, lane, pid: lanes.indexOf(lane) + 1, tid: places.size + 1 });
  }
  return places;
}

function keyOf({ actor, lane }: Pick<CausedEvent, 'actor' | 'lane'>): string {
  return JSON.stringify([lane, actor]);
}

function names(places: Places): readonly object[] {
  return [...places.values()].flatMap(({ actor, lane, pid, tid }) => [
    { args: { name: lane }, cat: '__metadata', name: 'process_name', ph: 'M', pid, tid, ts: 0 },
    { args: { name: actor }, cat: '__metadata', name: 'thread_name', ph: 'M', pid, tid, ts: 0 },
  ]);
}

function eventsOf(
  events: readonly CausedEvent[],
  event: CausedEvent,
  places: Places,
): readonly object[] {
  const place = places.get(keyOf(event)) ?? { pid: 0, tid: 0 };
  const { pid, tid } = place;
  const head = { cat: event.kind, name: wordsOf(event), pid, tid, ts: event.step * stepUs };
  const args = { step: event.step, virtualMicroseconds: event.at };
  const own = event.lane === networkLane ? { ph: 'i', s: 'g' } : { dur: sliceUs, ph: 'X' };
  const cause = event.cause === undefined ? undefined : events[event.cause];
  return [{ ...head, ...own, args }, ...(cause === undefined ? [] : flow(cause, event, places))];
}

/** An arrow from within one slice to within another; both ends share its name and its number. */
function flow(cause: CausedEvent, event: CausedEvent, places: Places): readonly object[] {
  const shared = { cat: 'cause', id: event.step, name: event.label };
  const at = ({ actor, lane, step }: CausedEvent): object => {
    const { pid = 0, tid = 0 } = places.get(keyOf({ actor, lane })) ?? {};
    return { pid, tid, ts: step * stepUs + sliceUs / 2 };
  };
  return [
    { ...shared, ...at(cause), ph: 's' },
    { ...shared, ...at(event), bp: 'e', ph: 'f' },
  ];
}
