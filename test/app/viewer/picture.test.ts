import { expect, test } from 'vitest';

import { diningPhilosophers } from '../../../examples/protocols/dining-philosophers.ts';
import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import { pictureOf } from '../../../src/app/viewer/model/picture.ts';
import { defineSystem, pictureElement, randomWalk, runSystem } from '../../../src/index.ts';
import type { PictureElement, System, World } from '../../../src/index.ts';

/** All that is written in the picture of a world. */
function texts(system: System, world: World): readonly string[] {
  const drawn = pictureOf(system, world);
  return drawn === undefined ? [] : textsIn(drawn);
}

function textsIn({ children }: PictureElement): readonly string[] {
  return children.flatMap((one) => (typeof one === 'string' ? [one] : textsIn(one)));
}

test('a picture shows the world that it is given', () => {
  const system = defineSystem(twoPhaseCommit({ rms: 2 }));
  const { world } = system.start();
  expect(texts(system, world)).toEqual(['tm', 'collecting', 'rm1', 'working', 'rm2', 'working']);
  const decided = system.choices(world).find((one) => 'actor' in one && one.actor === 'rm2');
  const after = decided && system.apply(world, decided).world;
  expect(after && texts(system, after)).toEqual([
    'tm',
    'collecting',
    'rm1',
    'working',
    'rm2',
    'prepared',
  ]);
});

test('each world of the examples has a picture', () => {
  const systems = [
    defineSystem(twoPhaseCommit({ rms: 3 })),
    defineSystem(diningPhilosophers({ philosophers: 5 })),
    defineSystem(diningPhilosophers({ philosophers: 2 })),
  ];
  for (const system of systems) {
    runSystem(system, {
      chooser: randomWalk(3),
      onStep: (_, world) => {
        expect(texts(system, world).join()).not.toMatch(/undefined|NaN/);
        expect(JSON.stringify(pictureOf(system, world))).not.toMatch(/null|NaN/);
      },
      stepsMax: 60,
    });
  }
});

/** What is said of a system with such a picture. */
function said(drawn: unknown): () => unknown {
  // cast -- as somebody writes it who has no types
  const picture = () => drawn as PictureElement;
  const system = defineSystem({ ...twoPhaseCommit({ rms: 2 }), picture });
  return () => pictureOf(system, system.start().world);
}

test('refuses what is no picture, and what runs or leads elsewhere', () => {
  expect(said('<svg onload="hit()"/>')).toThrow(/stands "<svg onload.*which is no element/);
  expect(said(undefined)).toThrow(/no element/);
  expect(said(pictureElement('g'))).toThrow(/is an svg, not a g/);
  const script = { attributes: {}, children: ['hit()'], tag: 'script' };
  expect(said({ attributes: {}, children: [script], tag: 'svg' })).toThrow(
    /tag: "script".*no elem/,
  );
  for (const attributes of [
    { onclick: 'hit()' },
    { fill: 'url(//elsewhere)' },
    { href: 'javascript:hit()' },
    { style: 'x' },
    { r: {} },
  ]) {
    const circle = { attributes, children: [], tag: 'circle' };
    expect(said({ attributes: {}, children: [circle], tag: 'svg' })).toThrow(/may not have/);
  }
  const cycle = { attributes: {}, children: [] as unknown[], tag: 'svg' };
  cycle.children.push(cycle);
  expect(said(cycle)).toThrow(/Draw less/);
});

test('a definition says what a picture must be', () => {
  const definition = twoPhaseCommit({ rms: 2 });
  // cast -- as somebody writes it who has no types
  expect(() => defineSystem({ ...definition, picture: '<svg/>' as never })).toThrow(/picture/);
});
