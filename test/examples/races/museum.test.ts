import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

import type { Exhibit } from '../../../examples/races/exhibit.ts';
import { museum } from '../../../examples/races/museum.ts';

const folder = new URL('../../../examples/races/', import.meta.url);

test('shows each file that exports an exhibit, under the name of the file', async () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  const found = await Promise.all(
    files.map(async (file) => {
      const { exhibit }: { readonly exhibit?: Exhibit } = await import(new URL(file, folder).href);
      return exhibit === undefined ? [] : [[`${exhibit.id}.ts`, file] as const];
    }),
  );
  for (const [name, file] of found.flat()) expect(name).toBe(file);
  const ids = found.flat().map(([name]) => name.replace('.ts', ''));
  expect(museum.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
});

test.each(museum.map((exhibit) => [exhibit.id, exhibit] as const))(
  '%s names one of the properties that its system has, with the bug and without',
  (_, { property, system }) => {
    for (const isOn of [true, false]) {
      const names = system(isOn).properties?.map(({ name }) => name);
      expect(names).toContain(property);
    }
  },
);

test.each(museum.map((exhibit) => [exhibit.id, exhibit] as const))(
  '%s links to public threads, and says how to keep out of the way of what is live',
  (_, { advice, isLive, links }) => {
    for (const link of links) expect(new URL(link).protocol).toBe('https:');
    expect(isLive && advice === undefined).toBe(false);
  },
);
