import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { museum } from '../../examples/races/museum.ts';

const folder = new URL('../../examples/pytorch/', import.meta.url);
const page = readFileSync(new URL('../../docs/races/pytorch.md', import.meta.url), 'utf8');
const ids = readdirSync(folder)
  .filter((file) => file.endsWith('.py') && file !== 'workers.py')
  .map((file) => file.replace('.py', ''));
const shown = museum.filter(
  ({ id, isLive }) => isLive && ids.includes(id) && page.includes(`## ${id}\n`),
);

test('shows live races on PyTorch itself, each of them in the museum', () => {
  expect(shown.length).toBeGreaterThanOrEqual(5);
});

test.each(ids)('%s ends by itself, and what it printed is kept', (id) => {
  expect(readFileSync(new URL(`${id}.py`, folder), 'utf8')).toMatch(/^ {4}main\(run/m);
  const recorded = new URL(`recorded/${id}.txt`, folder);
  expect(existsSync(recorded)).toBe(true);
  expect(readFileSync(recorded, 'utf8')).toMatch(/^PyTorch 1\.13/);
});

test.each(ids)('the page shows %s and what it printed', (id) => {
  expect(page).toContain(readFileSync(new URL(`${id}.py`, folder), 'utf8').trimEnd());
  expect(page).toContain(readFileSync(new URL(`recorded/${id}.txt`, folder), 'utf8').trimEnd());
});
