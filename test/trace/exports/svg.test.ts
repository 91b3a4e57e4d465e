import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';

import { pingPong } from '../../../examples/protocols/ping-pong.ts';
import { defineSystem, runSystem, svg } from '../../../src/index.ts';
import { hostileLabel, troubledRun } from './runs.ts';

const game = runSystem(defineSystem(pingPong({ hits: 1 })));

test('draws a line for each node and an arrow from the step that sent to the step that took', () => {
  const drawing = svg(game.steps, { title: 'A game' });
  const parsed = new XMLParser({ ignoreAttributes: false }).parse(drawing).svg;
  expect(parsed.title['#text']).toBe('A game');
  const arrows = [parsed.line].flat().filter((line) => line['@_class'] === 'message arrow');
  const rows = arrows.map((line) => Number(line['@_y2']) - Number(line['@_y1']));
  // The serve comes from the first of two rows of the start, the return from the row above.
  expect(rows).toEqual([48, 24]);
  expect(arrows[0]['@_x1']).toBe(arrows[1]['@_x2']);
});

test('is sound XML with nothing in it that runs, faults and hostile labels and all', () => {
  const signs = new Set<string>();
  for (let seed = 0; seed < 8; seed += 1) {
    const { run } = troubledRun(seed);
    const drawing = svg(run.steps, { label: () => hostileLabel, laneOf: (at) => `<${at}>` });
    expect(XMLValidator.validate(drawing)).toBe(true);
    expect(drawing).not.toContain('<script');
    for (const [sign] of drawing.matchAll(/[✕⧉]|class="down"|partition/g)) signs.add(sign);
  }
  expect([...signs].toSorted()).toEqual(['class="down"', 'partition', '✕', '⧉']);
});

test('counts the events beyond its limit', () => {
  expect(svg(game.steps, { rowsMax: 1 })).toContain('… and 3 more events');
});
