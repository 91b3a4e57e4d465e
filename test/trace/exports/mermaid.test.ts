import reader from 'mermaid';
import { expect, test } from 'vitest';

import { pingPong } from '../../../examples/protocols/ping-pong.ts';
import { defineSystem, randomWalk, runSystem } from '../../../src/index.ts';
import { mermaid } from '../../../src/trace/exports/mermaid.ts';
import { couriers, everyFault } from '../couriers.ts';
import { hostileLabel, troubledRun } from './runs.ts';

const game = runSystem(defineSystem(pingPong({ hits: 1 })));

test('draws participants and messages', () => {
  expect(mermaid(game.steps).split('\n')).toEqual([
    'sequenceDiagram',
    '  participant n0 as ping',
    '  participant n1 as pong',
    '  n0->>n1: ball.arrived',
    '  n1->>n0: ball.arrived',
    '',
  ]);
});

test('notes what nodes do by themselves when asked', () => {
  expect(mermaid(game.steps, { hasLocalSteps: true })).toContain('  Note over n0: start');
});

test('writes signs that mean something to Mermaid as entity codes', () => {
  const drawing = mermaid(game.steps, { label: () => 'a;b#c:d<e"f\n%%{g}' });
  expect(drawing).toContain('n0->>n1: a#59;b#35;c#58;d#60;e#34;f?#37;#37;#123;g#125;');
});

test('breaks the word that would close a block', () => {
  const drawing = mermaid(game.steps, { label: () => 'end of send' });
  expect(drawing).toContain('n0->>n1: #101;nd of send');
});

test('shows losses and faults', () => {
  const drawings = Array.from({ length: 20 }, (_, seed) =>
    mermaid(
      runSystem(couriers(3, { faults: everyFault }), {
        chooser: randomWalk(seed, { faultRate: 0.3 }),
      }).steps,
    ),
  ).join('');
  expect(drawings).toMatch(/n\d-xn\d: letter \(lost#58; dropped\)/);
  expect(drawings).toContain('Note over n0,n2: partition rift');
  expect(drawings).toMatch(/Note over n\d: crash/);
  expect(drawings).toMatch(/Note over n\d: timer after patience/);
});

test('counts the rows beyond its limit', () => {
  expect(mermaid(game.steps, { rowsMax: 1 })).toContain('Note over n0,n1: … and 1 more rows');
});

test('is what Mermaid reads, faults and hostile labels and all', async () => {
  for (let seed = 0; seed < 8; seed += 1) {
    const { run } = troubledRun(seed);
    const text = mermaid(run.steps, { hasLocalSteps: true, label: () => hostileLabel });
    await expect(reader.parse(text)).resolves.toMatchObject({ diagramType: 'sequence' });
  }
});
