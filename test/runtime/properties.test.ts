import { expect, test } from 'vitest';
import { createMachine } from 'xstate';

import { always, defineSystem, sometimes } from '../../src/index.ts';
import { errorOf } from './refusals.ts';

const actors = [{ address: 'a', machine: createMachine({}) }];
const isThere = sometimes('is there', (view) => view.actor('a') !== undefined);

test('a system carries its properties', () => {
  const system = defineSystem({ actors, name: 'one', properties: [isThere] });
  expect(system.definition.properties).toEqual([isThere]);
});

test('two properties of one name are refused', () => {
  const properties = [isThere, always('is there', () => true)];
  expect(errorOf(() => defineSystem({ actors, name: 'one', properties }))).toMatch(
    /^runtime\/duplicate-property: Two properties are called "is there"/,
  );
});
