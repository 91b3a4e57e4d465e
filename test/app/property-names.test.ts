import { expect, test } from 'vitest';
import { createMachine } from 'xstate';

import { propertyNames } from '../../src/app/cli/check/property-names.ts';
import { always, defineSystem } from '../../src/index.ts';

const system = defineSystem({
  name: 'named',
  actors: [{ address: 'a', machine: createMachine({}) }],
  properties: ['one', 'two, at once', 'two', 'a,b'].map((name) => always(name, () => true)),
});

test.each([
  ['one', ['one']],
  [' one , two ', ['one', 'two']],
  ['two, at once', ['two, at once']],
  ['one,two, at once,a,b', ['one', 'two, at once', 'a,b']],
  ['a,c,,two', ['a', 'c', 'two']],
  ['', []],
])('%o names %o', (text, names) => {
  expect(propertyNames(system, text)).toEqual(names);
});
