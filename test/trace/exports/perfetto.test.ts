import { buildModel } from '@tracerbench/trace-model';
import { expect, test } from 'vitest';

import { pingPong } from '../../../examples/protocols/ping-pong.ts';
import { defineSystem, perfetto, runSystem } from '../../../src/index.ts';
import { hostileLabel, troubledRun } from './runs.ts';

interface TraceEvent {
  readonly id?: number;
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
}

function eventsOf(text: string): readonly TraceEvent[] {
  return JSON.parse(text).traceEvents;
}

test('gives each node a process, each step a slice and each message an arrow', () => {
  const events = eventsOf(perfetto(runSystem(defineSystem(pingPong({ hits: 1 }))).steps));
  const brief = events.map(({ name, ph, pid, ts }) => `${ph} ${pid} ${ts} ${name}`);
  expect(brief).toEqual([
    'M 1 0 process_name',
    'M 1 0 thread_name',
    'M 2 0 process_name',
    'M 2 0 thread_name',
    'X 1 0 start',
    'X 2 0 start',
    'X 2 1000 deliver ball.arrived ping -> pong',
    's 1 400 ball.arrived',
    'f 2 1400 ball.arrived',
    'X 1 2000 deliver ball.arrived pong -> ping',
    's 2 1400 ball.arrived',
    'f 1 2400 ball.arrived',
  ]);
});

test('is what a reader of the format builds its model from, faults and hostile labels and all', () => {
  for (let seed = 0; seed < 8; seed += 1) {
    const { run } = troubledRun(seed);
    const events = eventsOf(perfetto(run.steps, { label: () => hostileLabel }));
    const model = buildModel(JSON.parse(JSON.stringify(events)));
    const slices = model.processes.flatMap(({ threads }) =>
      threads.flatMap((thread) => thread.events),
    );
    expect(slices.length).toBeGreaterThanOrEqual(run.steps.length);
    const ends = events.filter(({ ph }) => ph === 'f');
    for (const end of ends) {
      const start = events.find(({ id, ph }) => ph === 's' && id === end.id);
      // An arrow holds on to the slice that its end lies in.
      for (const tip of [start, end]) {
        const under = events.filter(
          ({ ph, pid, tid, ts }) =>
            (ph === 'X' || ph === 'i') &&
            pid === tip?.pid &&
            tid === tip.tid &&
            ts <= tip.ts &&
            tip.ts < ts + 800,
        );
        expect(under).toHaveLength(1);
      }
    }
  }
});
