import { expect, test } from 'vitest';

import { lamportMutex } from '../../examples/protocols/lamport-mutex.ts';
import { pingPong } from '../../examples/protocols/ping-pong.ts';
import {
  brokenProperty,
  defineSystem,
  randomWalk,
  runSystem,
  search,
  sometimes,
} from '../../src/index.ts';
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

test('tells what is out of turn, and what is broken in the end', () => {
  const system = defineSystem(
    lamportMutex({ bug: 'does-not-wait-for-answers', processes: 2, clockMax: 4 }),
  );
  const [property = sometimes('none', () => false)] = system.definition.properties ?? [];
  const [found] = search(system, { properties: [property] }).violations;
  const run = found?.run ?? runSystem(system);
  const broken = brokenProperty(system, property, { run });
  const lines = story(run.steps, { broken, tape: run.tape });
  const first = lines.findIndex((line) => line.includes('sends mutex.request'));
  expect(lines.slice(first).join('\n')).toMatch(
    /before mutex\.request p\d -> p\d \(sent in #\d, never comes\)/,
  );
  expect(lines.at(-1)).toBe(
    '"mutual exclusion" is broken: after step 4 p1.value was "critical", p2.value was "critical"',
  );
  // Without the tape and the property it is the log that it always was.
  expect(story(run.steps)).toEqual(lines.filter((line) => !/^ +before|is broken/.test(line)));
});

test('tells what overtook what, and when that came', () => {
  const system = couriers(2, { faults: {} });
  const overtaking = Array.from({ length: 30 }, (_, seed) => {
    const run = runSystem(system, { chooser: randomWalk(seed) });
    return story(run.steps, { tape: run.tape });
  }).flat();
  const said = overtaking.filter((line) => line.includes('overtakes'));
  expect(said.length).toBeGreaterThan(5);
  expect(said.join('\n')).toMatch(
    /overtakes letter courier\d -> courier\d \(sent in #\d+, comes in #\d+\)/,
  );
});

test('says from where on a run comes again, and folds what is broken', () => {
  const { steps } = runSystem(defineSystem(pingPong({ hits: 2 })));
  const message = 'it never comes, '.repeat(10).trim();
  const lines = story(steps, { broken: { loop: { from: 2 }, message, name: 'end' }, width: 60 });
  const place = lines.findIndex((line) => line.includes('again and again'));
  expect(lines[place + 1]).toMatch(/^#2 /);
  expect(lines.slice(-3).every((line) => line.length <= 60)).toBe(true);
  expect(lines.slice(-3).join(' ')).toBe(`"end" is broken: ${message}`);
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
