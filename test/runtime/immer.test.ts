import { produce } from 'immer';
import { expect, test } from 'vitest';
import { assign, setup } from 'xstate';

import { defineSystem, getIn, runSystem } from '../../src/index.ts';

interface Shelf {
  readonly books: readonly string[];
  readonly rules: { readonly loansMax: number };
}

const shelfMachine = setup({
  types: { context: {} as Shelf, events: {} as { readonly type: 'book.added' } },
  actions: {
    addBook: assign(({ context }) =>
      produce(context, (draft) => {
        draft.books.push(`book-${draft.books.length}`);
      }),
    ),
  },
}).createMachine({
  id: 'shelf',
  context: { books: [], rules: { loansMax: 3 } },
  on: { 'book.added': { actions: 'addBook' } },
});

function contextsOf(): readonly unknown[] {
  const system = defineSystem({
    name: 'library',
    actors: [
      {
        address: 'shelf',
        machine: shelfMachine,
        inputs: [{ event: { type: 'book.added' }, budget: 2 }],
      },
    ],
  });
  const contexts: unknown[] = [];
  runSystem(system, {
    // The first option is to end: the second is the input, as long as there is one.
    chooser: (options) => options.length - 1,
    onStep: (_, world) => contexts.push(getIn(world.actors, 'shelf')?.local['context']),
  });
  return contexts;
}

test('a context made by immer keeps what did not change', () => {
  const [first, second, third] = contextsOf();
  expect([first, second, third]).toEqual([
    { books: [], rules: { loansMax: 3 } },
    { books: ['book-0'], rules: { loansMax: 3 } },
    { books: ['book-0', 'book-1'], rules: { loansMax: 3 } },
  ]);

  expect(rulesOf(third)).toBe(rulesOf(second));
});

function rulesOf(context: unknown): unknown {
  return (context as Shelf).rules;
}
