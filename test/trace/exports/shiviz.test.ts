import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { pingPong } from '../../../examples/protocols/ping-pong.ts';
import { defineSystem, runSystem, shiviz } from '../../../src/index.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';
import { causedRun } from '../../../src/trace/exports/causes.ts';
import { hostileLabel, troubledRun } from './runs.ts';

type Clock = Readonly<Record<string, number>>;

interface LogEvent {
  readonly clock: Clock;
  readonly event: string;
  readonly host: string;
}

/** As ShiViz reads a log: the expression of its first line, all over the text below the second. */
function readLog(text: string): readonly LogEvent[] {
  const [expression = '', ...rest] = text.split('\n');
  const body = rest.slice(1).join('\n');
  return [...body.matchAll(new RegExp(expression, 'g'))].map(({ groups }) => ({
    clock: JSON.parse(groups?.['clock'] ?? ''),
    event: groups?.['event'] ?? '',
    host: groups?.['host'] ?? '',
  }));
}

/** Whether all that `earlier` knows, `later` knows too. */
function isBefore(earlier: Clock, later: Clock): boolean {
  return Object.entries(earlier).every(([host, count]) => count <= (later[host] ?? 0));
}

test('gives each event the clock of what came before it', () => {
  const { steps } = runSystem(defineSystem(pingPong({ hits: 1 })));
  expect(shiviz(steps).split('\n').slice(2)).toEqual([
    'ping {"ping":1}',
    '#0 0 ms start',
    'pong {"pong":1}',
    '#0 0 ms start',
    'pong {"pong":2,"ping":1}',
    '#1 1 ms deliver ball.arrived ping -> pong',
    'ping {"ping":2,"pong":2}',
    '#2 2 ms deliver ball.arrived pong -> ping',
    '',
  ]);
});

test('is read as it was written, whatever the labels hold', () => {
  const { run } = troubledRun(7);
  const events = readLog(shiviz(run.steps, { label: () => hostileLabel }));
  expect(events).toHaveLength(causedRun(run.steps).events.length);
  expect(events.some(({ event }) => event.includes(hostileLabel))).toBe(true);
});

test('counts as ShiViz asks, and orders just what a chain of causes orders', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10_000 }), (seed) => {
      const { steps } = troubledRun(seed).run;
      const { events } = causedRun(steps);
      const log = readLog(shiviz(steps));
      const own = new Map<string, number>();
      const pasts: Set<number>[] = [];
      for (const [place, { clock, host }] of log.entries()) {
        expect(clock[host]).toBe((own.get(host) ?? 0) + 1);
        own.set(host, clock[host] ?? 0);
        // The past by definition: the last event of the same lane, the cause, and their pasts.
        const before = events.slice(0, place).findLastIndex(({ lane }) => lane === host);
        const direct = [before, events[place]?.cause ?? -1].filter((index) => index >= 0);
        pasts.push(new Set(direct.flatMap((index) => [index, ...(pasts[index] ?? [])])));
        for (const [index, other] of log.slice(0, place).entries()) {
          expect(isBefore(other.clock, clock)).toBe(pasts[place]?.has(index));
        }
      }
    }),
    fromEnvironment(20),
  );
});
