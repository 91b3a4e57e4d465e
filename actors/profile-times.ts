/** When what a profiler recorded began and ended, in simulated time: read from the run that it was part of. */
import type { ProfiledEvent } from '../machines/profiler/events.ts';
import type { Run } from '../src/index.ts';

/** An event with its times, in virtual microseconds. */
export interface TimedEvent extends ProfiledEvent {
  readonly durationUs: number;
  /** Since the start of the run; absent for an operator, which takes no time wherever it runs. */
  readonly startUs?: number;
}

/** Events of one name. */
export interface KeyAverage {
  readonly averageUs: number;
  readonly count: number;
  readonly name: string;
  readonly totalUs: number;
}

/** The events with their times. */
export function timedEvents(
  run: Pick<Run, 'steps'>,
  events: readonly ProfiledEvent[],
): readonly TimedEvent[] {
  const began = momentsOf(run, 'profiler.began');
  const ended = momentsOf(run, 'profiler.ended');
  return events.map((event) => {
    const startUs = began.get(event.id);
    if (startUs === undefined) return { ...event, durationUs: 0 };
    return { ...event, durationUs: (ended.get(event.id) ?? startUs) - startUs, startUs };
  });
}

/** The events of each name together, in the order of their names. @see PyTorch, `key_averages`. */
export function keyAverages(events: readonly TimedEvent[]): readonly KeyAverage[] {
  const names = [...new Set(events.map(({ name }) => name))].toSorted();
  return names.map((name) => {
    const durations = events
      .filter((event) => event.name === name)
      .map(({ durationUs }) => durationUs);
    const totalUs = durations.reduce((sum, duration) => sum + duration, 0);
    return { averageUs: totalUs / durations.length, count: durations.length, name, totalUs };
  });
}

function momentsOf(run: Pick<Run, 'steps'>, type: string): ReadonlyMap<string, number> {
  return new Map(
    run.steps.flatMap(({ at, happened }) =>
      happened.flatMap((happening) =>
        happening.type === 'emitted' && happening.event.type === type
          ? [[String(happening.event['event']), at] as const]
          : [],
      ),
    ),
  );
}
