import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { pingPong } from '../../examples/protocols/ping-pong.ts';
import { tracedCall } from '../../examples/tutorials/traced-call.ts';
import { defineSystem, draws, dropped, randomWalk, runSystem } from '../../src/index.ts';
import type { Choice } from '../../src/index.ts';
import { fromEnvironment } from '../../src/testing/environment.ts';
import { spaceTime } from '../../src/trace/space-time.ts';
import { couriers, everyFault } from './couriers.ts';

/** A run that takes, wherever it is offered, the first choice that is wanted. */
function insisting(...wanted: readonly ((choice: Choice) => boolean)[]) {
  const left = [...wanted];
  return (options: readonly (Choice | undefined)[]): number => {
    const [next] = left;
    const found = next ? options.findIndex((choice) => choice !== undefined && next(choice)) : -1;
    if (found < 0) return 0;
    left.shift();
    return found;
  };
}

test('draws a column for each node and an arrow for each message', () => {
  const { steps } = runSystem(defineSystem(pingPong({ hits: 1 })));
  expect(spaceTime(steps, { width: 70 }).split('\n')).toEqual([
    ' step        time  ping                     pong',
    '                   │                        │',
    '    0        0 ms  o start                  o start',
    '    1        1 ms  ├──── ball.arrived ─────>│',
    '    2        2 ms  │<──── ball.arrived ─────┤',
    '',
  ]);
});

test('shows a loss where the message would have arrived, and why', () => {
  const { steps } = runSystem(couriers(2, { faults: { drop: 1 } }), {
    chooser: insisting(({ type }) => type === 'drop'),
  });
  expect(spaceTime(steps)).toMatch(/│x─+ letter \(lost: dropped\) ─+┤/);
});

test('shows what a rule of the network swallows, and does not count it as under way', () => {
  const { steps } = runSystem(couriers(2, { network: { rules: [() => dropped] } }));
  const drawing = spaceTime(steps);
  expect(drawing).toMatch(/letter \(lost: rule\)/);
  expect(drawing).not.toContain('Under way');
});

test('marks a message that another one overtook with the step in which it was sent', () => {
  const { steps } = runSystem(couriers(2), {
    chooser: insisting(
      (choice) => choice.type === 'deliver' && choice.event.type.startsWith('parcel'),
      (choice) => choice.type === 'deliver' && choice.from === 'courier0' && choice.after > 0,
    ),
  });
  const drawing = spaceTime(steps);
  expect(drawing).toMatch(/ letter \^0 /);
  expect(drawing).toContain('^n: sent in step n');
});

test('ends the line of a node that has crashed, and begins it again', () => {
  const { steps } = runSystem(couriers(2, { faults: { crash: 1, restart: 1 } }), {
    chooser: insisting(
      (choice) => choice.type === 'crash' && choice.node === 'courier1',
      ({ type }) => type === 'deliver',
      ({ type }) => type === 'restart',
    ),
  });
  const lines = spaceTime(steps).split('\n');
  const column = lines[0]?.indexOf('courier1') ?? -1;
  const crashed = lines.findIndex((line) => line.includes('X crash'));
  expect(lines[crashed]?.[column]).toBe('X');
  expect(lines[crashed + 1]).toContain('lost: node-down');
  expect(lines[crashed + 2]?.slice(column)).toBe('o restart');
});

test('folds what a node does by itself into one row', () => {
  const { steps } = runSystem(
    defineSystem({
      ...pingPong({ hits: 40 }),
      actors: pingPong({ hits: 40 }).actors.map((actor) => ({ ...actor, node: 'table' })),
    }),
  );
  const lines = spaceTime(steps, { laneOf: () => 'table' })
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[2]).toContain('o start ×2, ball.arrived ×80'.slice(2));
});

test('shortens a type that does not fit, and explains it below', () => {
  const { steps } = runSystem(couriers(3));
  const drawing = spaceTime(steps, { width: 80 });
  expect(drawing).toMatch(/─ [a-z.-]+ ─+>/);
  expect(drawing).toMatch(/^[a-z.-]+ = parcel-of-great-weight\.delivery$/m);
});

test('puts labels into a margin where columns are narrow, and numbers where names do not fit', () => {
  const { steps } = runSystem(couriers(10));
  const lines = spaceTime(steps).split('\n');
  expect(lines[0]).toContain('0 = courier0, 1 = courier1');
  expect(lines.some((line) => /├─+>│.* letter$/.test(line))).toBe(true);
});

test('says so when nodes do not fit, and lists the steps instead', () => {
  const { steps } = runSystem(couriers(40));
  const lines = spaceTime(steps).split('\n');
  expect(lines[0]).toBe(
    '40 nodes do not fit side by side into 100 columns (at most 17 do), so here is the list:',
  );
  expect(lines[1]).toMatch(/^#0 +0 ms {2}start$/);
});

test('counts the rows beyond its limit', () => {
  const { steps } = runSystem(defineSystem(pingPong({ hits: 50 })));
  expect(spaceTime(steps, { rowsMax: 10 })).toContain('… and 91 more rows, up to step 100.');
});

test('names what was still under way', () => {
  const { steps } = runSystem(couriers(2), { stepsMax: 1 });
  expect(spaceTime(steps, { width: 200 })).toMatch(
    /Under way at the end: .*letter courier1 -> courier0/,
  );
});

test('fits its columns and holds no control characters, whatever happens', () => {
  const options = fc.record({
    count: fc.integer({ min: 1, max: 30 }),
    seed: fc.nat(),
    width: fc.integer({ min: 60, max: 140 }),
  });
  fc.assert(
    fc.property(options, ({ count, seed, width }) => {
      const { steps } = runSystem(couriers(count, { faults: everyFault }), {
        chooser: randomWalk(seed, { faultRate: 0.1 }),
        stepsMax: 60,
      });
      for (const line of spaceTime(steps, { width }).split('\n')) {
        expect(line.length).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(/\p{Cc}/u);
      }
    }),
    fromEnvironment(40),
  );
});

test('shows no escape sequence that a message brings along', () => {
  const { steps } = runSystem(couriers(2), { chooser: draws([]) });
  const drawing = spaceTime(steps, { label: ({ type }) => `\u001B[31m${type}\u202E` });
  expect(drawing).toContain('?[31mletter?');
});

test('counts what an actor leaves itself to do among what its node does by itself', () => {
  const { steps } = runSystem(defineSystem(tracedCall()));
  const drawing = spaceTime(steps);
  expect(drawing).toContain('FORWARD_AUTOGRAD_REQ');
  expect(drawing).not.toContain('timer');
  expect(drawing.split('\n').length).toBeLessThan(30);
});
