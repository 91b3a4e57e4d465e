/** The detector of unordered reads, against the order that its definition gives. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Clock, Stamp } from '../../../machines/devices/clock.ts';
import {
  defaultStream,
  deviceEvent,
  launch,
  makeStream,
  noStreams,
  readOn,
  recordEvent,
  synchronize,
  waitEvent,
} from '../../../machines/devices/streams.ts';

const main = defaultStream('cuda:0');

test('a stream is ordered with itself', () => {
  const wrote = launch(noStreams, { by: 'write', reads: [], stream: main });
  const read = launch(wrote.table, { by: 'read', reads: [wrote.stamp], stream: main });
  expect(read.table.race).toBeUndefined();
});

test('a stream that did not wait reads too early, and the first such read is told', () => {
  const wrote = launch(noStreams, { by: 'write', reads: [], stream: main });
  const { stream, table } = makeStream(wrote.table, 'cuda:0');
  const first = readOn(table, { by: 'read', reads: [wrote.stamp], stream });
  expect(first.race).toEqual({ by: 'read', reader: stream, wrote: { nr: 1, stream: main } });
  expect(readOn(first, { by: 'again', reads: [wrote.stamp], stream })).toBe(first);
});

test('an event orders what was before it, and nothing later', () => {
  const wrote = launch(noStreams, { by: 'write', reads: [], stream: main });
  const { stream, table } = makeStream(wrote.table, 'cuda:0');
  const event = recordEvent(table, main);
  const later = launch(table, { by: 'write', reads: [], stream: main });
  const waiting = waitEvent(later.table, { event, stream });
  expect(readOn(waiting, { by: 'read', reads: [wrote.stamp], stream }).race).toBeUndefined();
  expect(readOn(waiting, { by: 'read', reads: [later.stamp], stream }).race).toBeDefined();
});

test('what a thread has waited for is over for all streams', () => {
  const wrote = launch(noStreams, { by: 'write', reads: [], stream: main });
  const { stream, table } = makeStream(wrote.table, 'cuda:0');
  const over = synchronize(table, deviceEvent(table, [main]));
  expect(readOn(over, { by: 'read', reads: [wrote.stamp], stream }).race).toBeUndefined();
});

type Op =
  | { readonly type: 'launch'; readonly reads: readonly number[]; readonly stream: number }
  | { readonly type: 'record'; readonly stream: number }
  | { readonly type: 'synchronize'; readonly event: number }
  | { readonly type: 'wait'; readonly event: number; readonly stream: number };

const stream = fc.nat({ max: 2 });
const index = fc.nat({ max: 3 });
const op: fc.Arbitrary<Op> = fc.oneof(
  fc.record({
    type: fc.constant('launch' as const),
    reads: fc.array(index, { maxLength: 2 }),
    stream,
  }),
  fc.record({ type: fc.constant('record' as const), stream }),
  fc.record({ type: fc.constant('synchronize' as const), event: index }),
  fc.record({ type: fc.constant('wait' as const), event: index, stream }),
);

/** Edges from each point of a program to those that must be over before: what it means, without clocks. */
function isOrderedByEdges(ops: readonly Op[]): boolean {
  const before: (readonly number[])[] = [];
  const last: (number | undefined)[] = [];
  const launches: number[] = [];
  const events: (readonly number[])[] = [];
  let host: readonly number[] = [];
  const reaches = (from: readonly number[], to: number): boolean =>
    from.some((point) => point === to || reaches(before[point] ?? [], to));
  for (const each of ops) {
    if (each.type === 'record') events.push([last[each.stream] ?? []].flat());
    if (each.type === 'synchronize') host = [...host, ...(events[each.event] ?? [])];
    if (each.type === 'wait') {
      const point = before.length;
      before.push([...(events[each.event] ?? []), ...[last[each.stream] ?? []].flat()]);
      last[each.stream] = point;
    }
    if (each.type !== 'launch') continue;
    const point = before.length;
    const edges = [...host, ...[last[each.stream] ?? []].flat()];
    before.push(edges);
    for (const read of each.reads) {
      const wrote = launches[read];
      if (wrote !== undefined && !reaches(edges, wrote)) return false;
    }
    last[each.stream] = point;
    launches.push(point);
  }
  return true;
}

function nameOf(nr: number): string {
  return `cuda:0/${nr}`;
}

function isOrderedByClocks(ops: readonly Op[]): boolean {
  let table = noStreams;
  const launches: Stamp[] = [];
  const events: Clock[] = [];
  for (const each of ops) {
    if (each.type === 'record') events.push(recordEvent(table, nameOf(each.stream)));
    const event = 'event' in each ? (events[each.event] ?? {}) : {};
    if (each.type === 'synchronize') table = synchronize(table, event);
    if (each.type === 'wait') table = waitEvent(table, { event, stream: nameOf(each.stream) });
    if (each.type !== 'launch') continue;
    const reads = each.reads.flatMap((read) => launches[read] ?? []);
    const launched = launch(table, { by: 'op', reads, stream: nameOf(each.stream) });
    ({ table } = launched);
    launches.push(launched.stamp);
  }
  return table.race === undefined;
}

test('tells exactly the programs in which nothing orders a read after its write', () => {
  const seen = { ordered: 0, unordered: 0 };
  fc.assert(
    fc.property(fc.array(op, { maxLength: 24 }), (ops) => {
      const isOrdered = isOrderedByEdges(ops);
      seen[isOrdered ? 'ordered' : 'unordered'] += 1;
      expect(isOrderedByClocks(ops)).toBe(isOrdered);
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(seen.ordered, seen.unordered)).toBeGreaterThan(100);
});
