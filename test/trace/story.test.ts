import { expect, test } from 'vitest';

import { pingPong } from '../../examples/protocols/ping-pong.ts';
import { defineSystem, randomWalk, runSystem } from '../../src/index.ts';
import { story } from '../../src/trace/story.ts';
import { brief, shorten } from '../../src/trace/words.ts';
import { couriers, everyFault } from './couriers.ts';

test('tells each choice and what came of it', () => {
  const { steps } = runSystem(defineSystem(pingPong({ hits: 1 })));
  expect(story(steps)).toEqual([
    '#0            0 ms  start',
    '                      ping starts (player)',
    '                      ping sends ball.arrived to pong',
    '                      pong starts (player)',
    '#1            1 ms  deliver ball.arrived ping -> pong  { hit: 1 }',
    '                      pong sends ball.arrived to ping',
    '#2            2 ms  deliver ball.arrived pong -> ping  { hit: 2 }',
  ]);
});

test('tells losses, timers, announcements and faults, within its columns', () => {
  const lines = Array.from({ length: 20 }, (_, seed) =>
    story(
      runSystem(couriers(3, { faults: everyFault }), {
        chooser: randomWalk(seed, { faultRate: 0.3 }),
      }).steps,
      { width: 70 },
    ),
  ).flat();
  const text = lines.join('\n');
  expect(text).toMatch(/LOST \(dropped\): letter courier\d -> courier\d/);
  expect(text).toMatch(/sets a timer: after patience, 20 ms/);
  expect(text).toMatch(/courier\d announces letter\.read/);
  expect(text).toMatch(/ms {2}crash courier\d/);
  expect(text).toMatch(/ms {2}partition rift/);
  expect(lines.every((line) => line.length <= 70)).toBe(true);
});

test('shortens all words of a type alike', () => {
  expect(shorten('FORWARD_AUTOGRAD_REQ', 20)).toBe('FORWARD_AUTOGRAD_REQ');
  expect(shorten('FORWARD_AUTOGRAD_REQ', 14)).toBe('FORW_AUTO_REQ');
  expect(shorten('FORWARD_AUTOGRAD_REQ', 4)).toBe('FOR…');
});

test('writes data in the room that it has', () => {
  expect(brief({ a: [1, 'x', { b: true }] }, 60)).toBe('{ a: [1, "x", { b: true }] }');
  expect(
    brief(
      Array.from({ length: 1_000_000 }, () => 7),
      12,
    ),
  ).toBe('[7, 7, 7, 7…');
  expect(brief([], 10)).toBe('[]');
});
