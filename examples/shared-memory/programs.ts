/**
 * Small programs over shared cells by which partial-order reductions are compared. One access is one
 * message to the cell and its answer; reading leaves a cell as it was, so that two reads commute.
 *
 * @see Abdulla, Aronis, Jonsson and Sagonas, "Optimal Dynamic Partial Order Reduction", POPL 2014,
 * figure 4 and table 1 (`readers`, `last zero`, `indexer`); Flanagan and Godefroid, "Dynamic Partial-Order
 * Reduction for Model Checking Software", POPL 2005, figure 1 (`indexer`).
 */
import type { ActorDefinition, SystemDefinition } from '../../src/index.ts';
import { cell } from './cell.ts';
import { thread } from './thread.ts';

/** One thread writes a cell that all others read. */
export function readers(count: number): SystemDefinition {
  return program(`readers ${count}`, [
    cell('x'),
    thread('writer', {
      start: { isDone: false },
      next: ({ isDone }) => (isDone ? undefined : { do: 'write', cell: 'x', value: 42 }),
      take: () => ({ isDone: true }),
    }),
    ...numbers(1, count).map((number) =>
      thread(`reader${number}`, {
        start: { seen: -1 },
        next: ({ seen }) => (seen < 0 ? { do: 'read', cell: 'x' } : undefined),
        take: (_, { value }) => ({ seen: value }),
      }),
    ),
  ]);
}

/**
 * Thread `n` writes to cell `n` one more than it reads in the cell before; one thread looks from the end
 * for the last cell that holds 0.
 */
export function lastZero(count: number): SystemDefinition {
  return program(`last zero ${count}`, [
    ...numbers(0, count).map((number) => cell(`c${number}`)),
    thread('looker', {
      start: { at: count, isFound: false },
      next: ({ at, isFound }) => (isFound ? undefined : { do: 'read', cell: `c${at}` }),
      take: ({ at }, { value }) =>
        value === 0 ? { at, isFound: true } : { at: at - 1, isFound: false },
    }),
    ...numbers(1, count).map((number) =>
      thread(`writer${number}`, {
        start: { isDone: false, read: -1 },
        next: ({ isDone, read }) => {
          if (isDone) return undefined;
          if (read < 0) return { do: 'read', cell: `c${number - 1}` };
          return { do: 'write', cell: `c${number}`, value: read + 1 };
        },
        take: ({ read }, { value }) =>
          read < 0 ? { isDone: false, read: value } : { isDone: true, read },
      }),
    ),
  ]);
}

const tableSize = 128;
const messagesOfEach = 4;

/** Each thread puts four messages into a hash table; where a place is taken, the next one is tried. */
export function indexer(count: number): SystemDefinition {
  const threads = numbers(0, count - 1).map((number) =>
    thread(`thread${number}`, {
      start: { message: 1, place: hashOf(1, number) },
      next: ({ message, place }) =>
        message > messagesOfEach
          ? undefined
          : { do: 'swap', cell: `c${place}`, expected: 0, value: message * 11 + number },
      take: ({ message, place }, { isDone }) =>
        isDone
          ? { message: message + 1, place: hashOf(message + 1, number) }
          : { message, place: (place + 1) % tableSize },
    }),
  );
  return program(`indexer ${count}`, [
    ...numbers(0, tableSize - 1).map((number) => cell(`c${number}`)),
    ...threads,
  ]);
}

function hashOf(message: number, number: number): number {
  return ((message * 11 + number) * 7) % tableSize;
}

function program(name: string, actors: readonly ActorDefinition[]): SystemDefinition {
  return { name, actors, time: 'untimed' };
}

function numbers(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
