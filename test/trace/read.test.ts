import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { randomWalk, runSystem } from '../../src/index.ts';
import { fromEnvironment } from '../../src/testing/environment.ts';
import { readTrace } from '../../src/trace/read.ts';
import { formatTrace, recordTrace } from '../../src/trace/record.ts';
import { traceSchema } from '../../src/trace/schema.ts';
import { orreryVersion } from '../../src/trace/version.ts';
import { couriers, everyFault } from './couriers.ts';

const system = couriers(3, { faults: everyFault });

function walked(seed: number) {
  const run = runSystem(system, { chooser: randomWalk(seed, { faultRate: 0.2 }) });
  return recordTrace(system, run, { params: { count: 3 } });
}

const trace = walked(1);

function edited(change: (file: Record<string, unknown>) => void): string {
  const file = JSON.parse(formatTrace(trace)) as Record<string, unknown>;
  change(file);
  return JSON.stringify(file);
}

test('reads what it wrote, whatever happened in the run', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const made = walked(seed);
      expect(readTrace(formatTrace(made))).toEqual(made);
    }),
    fromEnvironment(40),
  );
});

test('gives one run one id, and another run another', () => {
  expect(walked(1).id).toBe(trace.id);
  expect(walked(2).id).not.toBe(trace.id);
  expect(trace.id).toMatch(/^[0-9a-z]{12}$/);
});

test('notes each step of the run', () => {
  expect(trace.log).toHaveLength(trace.steps);
  expect(trace.departures.length).toBeGreaterThan(0);
});

test('says of a text that is no JSON that it is none', () => {
  expect(() => readTrace('{"format": ')).toThrow(/not JSON/);
});

test.each(['[]', '3', 'null', '{}', '{"format":"pcap","version":1}'])(
  'says of %s that it is no trace',
  (text) => {
    expect(() => readTrace(text)).toThrow(/no trace/);
  },
);

test('says of a newer version what to do', () => {
  const text = edited((file) => {
    file['version'] = 2;
    file['unknownToVersion1'] = true;
  });
  expect(() => readTrace(text)).toThrow(/version 2 of the format.*up to version 1.*Update Orrery/);
});

test.each<readonly [string, (file: Record<string, unknown>) => void, RegExp]>([
  ['a missing key', (file) => delete file['hash'], /required property 'hash'/],
  ['an unknown key', (file) => (file['eval'] = 'x'), /additional properties \("eval"\)/],
  ['a version that is no number', (file) => (file['version'] = '1'), /\/version/],
  [
    'a departure without a choice',
    (file) => (file['departures'] = [{ at: 'end' }]),
    /\/departures\/0/,
  ],
  ['steps that are not counted', (file) => (file['steps'] = -1), /\/steps/],
  ['a hash of other length', (file) => (file['hash'] = 'abc'), /\/hash/],
])('names the place of %s', (_, change, message) => {
  expect(() => readTrace(edited(change))).toThrow(message);
});

test('refuses a tape that is not its list of departures', () => {
  const text = edited((file) => {
    file['tape'] = '';
  });
  expect(() => readTrace(text)).toThrow(/not the same/);
});

test('publishes the schema that it reads by', () => {
  const published: unknown = JSON.parse(readFileSync('docs/trace.schema.json', 'utf8'));
  expect(published).toEqual(traceSchema);
});

test('carries the version of the package', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly version: string;
  };
  expect(orreryVersion).toBe(version);
});
