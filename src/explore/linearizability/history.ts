/**
 * What clients asked of an object and what they were told, with the order in time where there is one:
 * each operation knows which operations of the other clients had ended before it began.
 */
import { invariant } from '../../core/errors.ts';
import type { Fact, Monitor } from '../../kernel/monitor.ts';

/** A history, by client. Plain data: as the state of a monitor it is part of the world. */
export type History = Readonly<Record<string, ClientHistory>>;

/** One client's part: it waits for one operation before it begins the next. */
export interface ClientHistory {
  readonly ended: readonly EndedOperation[];
  /** What it waits for. */
  readonly open?: OpenOperation;
}

/** An operation that has begun. */
export interface OpenOperation {
  /** For each other client that had ended some operation by then, the index of its last one. */
  readonly after: Readonly<Record<string, number>>;
  readonly operation: unknown;
}

/** An operation and its result. */
export interface EndedOperation extends OpenOperation {
  readonly result: unknown;
}

/** The history before anything happened. */
export const emptyHistory: History = {};

/**
 * The history with one more operation begun.
 *
 * @throws {SimulationError} `explore/bad-history` when the client still waits for another one.
 */
export function invoked(history: History, client: string, operation: unknown): History {
  const { ended, open } = history[client] ?? nothing;
  invariant(
    open === undefined,
    'explore/bad-history',
    `"${client}" begins an operation while it waits for another. Give each operation a client of its ` +
      'own, or announce "operation.returned" first.',
  );
  const after = Object.entries(history).flatMap(([other, part]) =>
    other === client || part.ended.length === 0 ? [] : [[other, part.ended.length - 1] as const],
  );
  return { ...history, [client]: { ended, open: { after: Object.fromEntries(after), operation } } };
}

/**
 * The history with the client's open operation ended.
 *
 * @throws {SimulationError} `explore/bad-history` when it waits for none.
 */
export function returned(history: History, client: string, result: unknown): History {
  const { ended, open } = history[client] ?? nothing;
  invariant(
    open !== undefined,
    'explore/bad-history',
    `"${client}" was told a result that it does not wait for. Announce "operation.invoked" first.`,
  );
  return { ...history, [client]: { ended: [...ended, { ...open, result }] } };
}

/**
 * A monitor whose state is the history of all that clients announce by `emit`: `operation.invoked` with
 * its `operation`, `operation.returned` with its `result`. Each actor is a client.
 */
export function operationHistory(name = 'history'): Monitor {
  return {
    name,
    facts: ['emitted'],
    initial: emptyHistory,
    step: (before: History, fact: Fact) => {
      if (fact.type !== 'emitted') return before;
      const { actor, event } = fact;
      if (event.type === 'operation.invoked') return invoked(before, actor, event['operation']);
      if (event.type === 'operation.returned') return returned(before, actor, event['result']);
      return before;
    },
  };
}

const nothing: ClientHistory = { ended: [] };
