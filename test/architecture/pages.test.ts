import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

import { layers } from './layers.ts';

const page = readFileSync('docs/architecture.md', 'utf8');

/** The layers that the drawing gives another name, since Mermaid's names are single words. */
const namesInTable: Readonly<Record<string, string>> = {
  rpcDoor: 'rpc door',
  testingDoor: 'testing door',
  xstate: 'runtime',
};

const arrows = [...page.matchAll(/^ +(?<from>\w+)(?:[[(].*[\])])? --> (?<to>\w+)$/gm)].map(
  ({ groups = {} }) => ({ from: inTable(groups['from']), to: inTable(groups['to']) }),
);

// Parts of the way in are one box.
const drawn = layers.filter(({ name }) => !/^(?:app\/|bench|test$)/.test(name));

test('draws an arrow only to what a layer may import', () => {
  const forbidden = arrows.filter(
    ({ from, to }) => drawn.find(({ name }) => name === from)?.mayImport.includes(to) !== true,
  );
  expect(arrows.length).toBeGreaterThan(drawn.length - 2);
  expect(forbidden).toEqual([]);
});

test('draws a way to all that a layer may import', () => {
  const missing = drawn.flatMap(({ mayImport, name }) =>
    mayImport
      .filter((other) => !other.startsWith('app/') && !reachable(name).has(other))
      .map((other) => `${name} -> ${other}`),
  );
  expect(missing).toEqual([]);
});

test.each(['src', 'src/app', 'src/explore', 'machines', 'machines/rpc'])(
  'names every folder of %s',
  (parent) => {
    const folders = readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(folders.filter((name) => !new RegExp(`\`(?:\\w+/)*${name}\``).test(page))).toEqual([]);
  },
);

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'docs',
  'docs/decisions',
  'docs/learn',
  'docs/races',
].flatMap((at) => (at.endsWith('.md') ? [at] : mdFilesIn(at)));

test.each(pages)('%s names only what is there', (at) => {
  const text = readFileSync(at, 'utf8');
  const named = [
    ...text.matchAll(/`((?:src|machines|actors|examples|test|bench|wasm|docs)\/[\w./-]+)`/g),
  ].map(([, path = '']) => path);
  const linked = [...text.matchAll(/\]\((?!\w+:)([^)#\s]+)/g)].map(([, path = '']) =>
    join(dirname(at), path),
  );
  expect([...named, ...linked].filter((path) => !existsSync(path))).toEqual([]);
});

test('CONTRIBUTING.md says what each script does', () => {
  const { scripts }: { scripts: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  );
  const text = readFileSync('CONTRIBUTING.md', 'utf8');
  const parts = new Set(['bundle', 'check', 'start']);
  const missing = Object.keys(scripts).filter(
    (name) => !parts.has(name) && !new RegExp(`(?:npm run |npm |\`)${name}(?: --)?\``).test(text),
  );
  expect(missing).toEqual([]);
});

function inTable(name = ''): string {
  return namesInTable[name] ?? name;
}

/** All that the arrows lead to from a layer. */
function reachable(from: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { to } of arrows.filter((arrow) => arrow.from === at)) {
      if (!found.has(to)) open.push(to);
      found.add(to);
    }
  }
  return found;
}

function mdFilesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}
