/** What users give as functions is named where it goes wrong, as it only shows while the system runs. */
import { expect, test } from 'vitest';
import { assign, createMachine, sendTo } from 'xstate';

import { allOf, always, check, defineSystem, runSystem } from '../../src/index.ts';
import type { CheckOptions, Monitor, SystemDefinition } from '../../src/index.ts';
import { remarksOf } from '../../src/runtime/remarks.ts';
import { errorOf } from './refusals.ts';

const counter = createMachine({
  context: { count: 0 },
  on: { go: { actions: assign({ count: ({ context }) => context.count + 1 }) } },
});
const sender = createMachine({
  entry: sendTo(({ system }) => system.get('counter'), { type: 'go' }),
});
const fine: SystemDefinition = {
  name: 'fine',
  actors: [
    { address: 'counter', machine: counter },
    { address: 'sender', machine: sender },
  ],
};

/** What is said of a monitor, on the plain kernel and in a search. */
function saidOf(step: Monitor['step']): readonly string[] {
  const monitors: Monitor[] = [{ facts: ['received'], initial: 0, name: 'watching', step }];
  const system = defineSystem({ ...fine, monitors });
  return [() => runSystem(system), () => check(system)].map((run) => errorOf(run));
}

test('a monitor that throws', () => {
  const message =
    /^kernel\/monitor-threw: The monitor "watching" threw when it was told that something was "received": so\. A/;
  for (const words of saidOf(() => {
    throw new Error('so');
  }))
    expect(words).toMatch(message);
  expect(saidOf((state) => state)).toEqual(['nothing was thrown', 'nothing was thrown']);
});

test('a property that finds what is no data says it once', () => {
  const wrong = always('wrong', (view) => {
    throw new Error(`it ends. ${view.addresses().length}.`);
  });
  const options: CheckOptions = { properties: [wrong] };
  expect(errorOf(() => check(defineSystem(fine), options))).toContain(
    'The property "wrong" threw: it ends. 2. A property is a pure question',
  );
});

test.each<[string, object, RegExp]>([
  [
    'a rule of the network that throws',
    {
      rules: [
        () => {
          throw new Error('so');
        },
      ],
    },
    /^network\/bad-rule: A rule of the network threw: so, of "go" from "sender" to "counter"\. Give/,
  ],
  ['a rule that gives a text', { rules: [() => 'drop'] }, /gave "drop", of "go"/],
  ['a rule that gives another kind', { rules: [() => ({ type: 'lose' })] }, /gave {"type":"lose"}/],
  [
    'a rule that gives no delay',
    { rules: [() => ({ after: [], type: 'deliver' })] },
    /gave {"after":\[\],"type":"deliver"}/,
  ],
  [
    'a rule that gives half a microsecond',
    { rules: [() => ({ after: [0.5], type: 'deliver' })] },
    /gave {"after":\[0\.5\]/,
  ],
  ['links of no kind', { links: () => 'lifo' }, /^network\/bad-links: network\.links gave "lifo"/],
])('%s', (_, network, message) => {
  const system = defineSystem({ ...fine, network });
  for (const run of [() => runSystem(system), () => check(system)])
    expect(errorOf(run)).toMatch(message);
});

test('a part of a question that is none', () => {
  const properties = [always('all', allOf([() => true, allOf([7 as never])]))];
  expect(errorOf(() => defineSystem({ ...fine, properties }))).toContain(
    'properties[0].holds.parts[1].parts[0] is 7. Give allOf([…]) functions of a world',
  );
});

function said(remarks: unknown): unknown {
  const system = defineSystem({ ...fine, remarks: remarks as () => [] });
  return remarksOf(system, runSystem(system));
}

test('remarks that throw, or are no texts', () => {
  const thrown = errorOf(() =>
    said(() => {
      throw new Error('so');
    }),
  );
  expect(thrown).toMatch(/^runtime\/bad-remarks: .* remarks threw: so\. Let it give a line/);
  expect(errorOf(() => said(() => 7))).toContain('remarks gave what is no list of texts');
  expect(said(() => ['late'])).toEqual(['late']);
  expect(said(undefined)).toEqual([]);
});
