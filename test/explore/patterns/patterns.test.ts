import { array, assert, constantFrom, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { enqueueActions, setup } from 'xstate';

import {
  allAnswered,
  bearsFaults,
  defineSystem,
  endsOnce,
  honestCount,
  neverBack,
  oneFact,
  ownAnswers,
  search,
  withPatterns,
} from '../../../src/index.ts';
import type { Fact, Pattern, SystemDefinition, View } from '../../../src/index.ts';

/** A system whose only step announces all these marks, one after the other. */
function saying(marks: readonly unknown[]): SystemDefinition {
  const machine = setup({
    types: { emitted: {} as { readonly type: 'said'; readonly mark: unknown } },
    actions: {
      announce: enqueueActions(({ enqueue }) => {
        for (const mark of marks) enqueue.emit({ mark, type: 'said' });
      }),
    },
  }).createMachine({
    id: 'announcer',
    initial: 'silent',
    states: { silent: { on: { speak: 'hoarse' } }, hoarse: { entry: 'announce' } },
  });
  const inputs = [{ event: { type: 'speak' } }];
  return { actors: [{ address: 'speaker', inputs, machine }], name: 'saying' };
}

function broken(definition: SystemDefinition, patterns: readonly Pattern[]): readonly string[] {
  const system = defineSystem(withPatterns(definition, patterns));
  const { violations } = search(system, { properties: system.definition.properties ?? [] });
  return violations.map((violation) => violation.property);
}

/** The mark of an announcement, of whatever kind the test has it. */
function saidIn(fact: Fact): never {
  // cast -- the tests' own announcements
  return (fact.type === 'emitted' ? fact.event['mark'] : undefined) as never;
}

const ids = constantFrom('a', 'b', 'c');
const few = { maxLength: 7 };

describe('never back', () => {
  test('an end before its beginning is enough', () => {
    const lives = [
      { id: 'a', life: 'ended' },
      { id: 'a', life: 'began' },
    ];
    expect(broken(saying(lives), [neverBack('back', { read: saidIn })])).toEqual(['back']);
  });

  test('breaks exactly where an id begins after it has ended', () => {
    const life = record({ id: ids, life: constantFrom('began', 'ended') });
    assert(
      property(array(life, few), (lives) => {
        const isBack = lives.some(
          (mark, index) =>
            mark.life === 'began' &&
            lives.slice(0, index).some(({ id, life: was }) => id === mark.id && was === 'ended'),
        );
        const found = broken(saying(lives), [neverBack('back', { read: saidIn })]);
        expect(found).toEqual(isBack ? ['back'] : []);
      }),
    );
  });
});

describe('all answered', () => {
  test('an answer that came before its question answers nothing', () => {
    const asks = [
      { ask: 'answered', id: 'a' },
      { ask: 'asked', id: 'a' },
    ];
    expect(broken(saying(asks), [allAnswered('open', { read: saidIn })])).toEqual(['open']);
  });

  test('breaks exactly where a question is asked more often than it is answered afterwards', () => {
    const ask = record({ ask: constantFrom('asked', 'answered'), id: ids });
    assert(
      property(array(ask, few), (asks) => {
        const open = new Map<string, number>();
        for (const { ask: what, id } of asks) {
          const count = open.get(id) ?? 0;
          open.set(id, what === 'asked' ? count + 1 : Math.max(0, count - 1));
        }
        const isOpen = [...open.values()].some((count) => count > 0);
        const found = broken(saying(asks), [allAnswered('open', { read: saidIn })]);
        expect(found).toEqual(isOpen ? ['open'] : []);
      }),
    );
  });
});

describe('ends once', () => {
  test('breaks exactly where an id ends twice', () => {
    assert(
      property(array(ids, few), (ended) => {
        const found = broken(saying(ended), [endsOnce('once', { read: saidIn })]);
        expect(found).toEqual(new Set(ended).size < ended.length ? ['once'] : []);
      }),
    );
  });
});

describe('own answers', () => {
  test('breaks exactly where an answer is taken for another', () => {
    const taken = record({ answered: ids, asked: ids });
    assert(
      property(array(taken, few), (marks) => {
        const isWrong = marks.some(({ answered, asked }) => answered !== asked);
        const found = broken(saying(marks), [ownAnswers('own', { read: saidIn })]);
        expect(found).toEqual(isWrong ? ['own'] : []);
      }),
    );
  });
});

const said = (view: View): unknown => view.actor('speaker')?.value;

describe('one fact', () => {
  test('readings that differ in some world break it', () => {
    const [silent, hoarse] = [[said, () => 'silent'] as const, [said, said] as const];
    expect(broken(saying([]), [oneFact('one', silent)])).toEqual(['one']);
    expect(broken(saying([]), [oneFact('one', hoarse)])).toEqual([]);
  });

  test('wants two readings at least', () => {
    expect(() => oneFact('one', [said])).toThrow(/compares 1 readings/);
  });
});

describe('honest count', () => {
  test.each([
    { counted: 0, marks: ['opened'], breaks: ['count'] },
    { counted: 0, marks: [], breaks: [] },
    { counted: -1, marks: [], breaks: ['count, never below zero', 'count'] },
  ])('$counted for $marks', ({ breaks, counted, marks }) => {
    const pattern = honestCount('count', { counted: () => counted, read: saidIn });
    expect(broken(saying(marks), [pattern]).toSorted()).toEqual(breaks.toSorted());
  });
});

const observe = (): number => 0;

test('faults of several patterns, and of the definition, add up', () => {
  const { faults, properties } = withPatterns(
    { ...saying([]), faults: { duplicate: 1, drop: 1 } },
    [bearsFaults('twice', { observe }), bearsFaults('crash', { faults: { crash: 2 }, observe })],
  );
  expect(faults).toEqual({ crash: 2, drop: 1, duplicate: 2 });
  expect(properties?.map(({ name }) => name)).toEqual(['twice', 'crash']);
});
