/**
 * Whether a history can be explained by an object that does one operation at a time, each at some
 * moment between its begin and its end.
 *
 * @see Wing and Gong, "Testing and Verifying Concurrent Objects", 1993, section 4: try the operations
 * before which no other has ended, go back where the object would have answered something else.
 * @see Lowe, "Testing for linearizability", 2017, section 4: do not try twice what leads to the same
 * state of the object after the same operations. As each client waits for its operations, how many of
 * each client's are done says which.
 */
import { canonical } from '../../core/canonical.ts';
import { digest, formatDigest, isSameDigest } from '../../core/digest.ts';
import { invariant } from '../../core/errors.ts';
import { always } from '../../runtime/property.ts';
import type { Property } from '../../runtime/property.ts';
import type { ClientHistory, EndedOperation, History, OpenOperation } from './history.ts';
import type { Invoked, SequentialModel } from './sequential-model.ts';

/**
 * The history that a monitor keeps (`monitors: [operationHistory()]`) can always be explained by `model`.
 *
 * @throws {SimulationError} `explore/bad-model` for what is no model; when it is asked, `explore/no-monitor`
 * where the system has no such monitor, `explore/bad-history` where that one keeps something else.
 */
export function linearizable(
  model: SequentialModel,
  { monitor = 'history' }: { readonly monitor?: string } = {},
): Property {
  requireModel(model);
  return always('linearizable', (view) =>
    isLinearizable(model, historyOf(view.monitor(monitor), monitor)),
  );
}

function requireModel(model: unknown): void {
  const isModel =
    typeof model === 'object' &&
    model !== null &&
    'invoke' in model &&
    typeof model.invoke === 'function';
  const seen = typeof model === 'function' ? 'a function' : typeof model;
  invariant(
    isModel,
    'explore/bad-model',
    `linearizable(model) got ${seen}, which is no model of an object. Give one such as register('-'), called, or ` +
      '{ name, initial, invoke: (state, operation) => ({ state, result }) }.',
  );
}

function historyOf(state: unknown, monitor: string): History {
  const called = monitor === 'history' ? '' : `'${monitor}'`;
  const remedy = `Give the system monitors: [operationHistory(${called})], and let clients emit `;
  const events = '"operation.invoked" with an operation and "operation.returned" with a result.';
  invariant(
    state !== undefined,
    'explore/no-monitor',
    `The property "linearizable" judges what the monitor "${monitor}" keeps, and the system has no such monitor. ` +
      `${remedy}${events}`,
  );
  invariant(
    isHistory(state),
    'explore/bad-history',
    `The monitor "${monitor}" keeps no history of operations. ${remedy}${events}`,
  );
  return state;
}

function isHistory(state: unknown): state is History {
  return (
    typeof state === 'object' &&
    state !== null &&
    Object.values(state).every(
      (part: unknown) =>
        typeof part === 'object' && part !== null && 'ended' in part && Array.isArray(part.ended),
    )
  );
}

/** Whether a history can be explained by `model`. */
export function isLinearizable(model: SequentialModel, history: History): boolean {
  return explanationOf(model, history) !== undefined;
}

/** An operation with what the object answers, and who asked. */
export interface Explained {
  readonly client: string;
  readonly operation: unknown;
  readonly result: unknown;
}

/**
 * An order of a history's operations in which `model` gives the results that clients were told. Of the
 * operations that have not ended it holds those that must have had an effect.
 */
export function explanationOf(
  model: SequentialModel,
  history: History,
): readonly Explained[] | undefined {
  const clients = Object.keys(history).toSorted();
  const parts = clients.map((client) => history[client] ?? { ended: [] });
  const first: Configuration = {
    done: clients.map(() => 0),
    state: canonical(model.initial, `${model.name}.initial`),
  };
  const seen = new Set<string>();
  const open: Configuration[] = [first];
  for (;;) {
    const current = open.pop();
    if (current === undefined) return undefined;
    if (parts.every(({ ended }, index) => (current.done[index] ?? 0) >= ended.length)) {
      return stepsTo(current, clients);
    }
    for (const next of successors(model, { clients, parts }, current)) {
      const key = `${next.done.join()} ${formatDigest(digest(next.state))}`;
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(next);
    }
  }
}

/** How many operations of each client are done, the object's state after them, and how it came there. */
interface Configuration {
  readonly before?: Configuration;
  readonly done: readonly number[];
  readonly last?: { readonly by: number; readonly operation: unknown; readonly result: unknown };
  readonly state: unknown;
}

interface Parts {
  readonly clients: readonly string[];
  readonly parts: readonly ClientHistory[];
}

function successors(
  model: SequentialModel,
  { clients, parts }: Parts,
  current: Configuration,
): readonly Configuration[] {
  return parts.flatMap((part, by): Configuration[] => {
    const count = current.done[by] ?? 0;
    const operation = operationAt(part, count);
    if (operation === undefined || !mayBeNext(operation, clients, current)) return [];
    const { result, state } = answer(model, current.state, operation);
    if ('result' in operation && !isSame(operation.result, result)) return [];
    return [
      {
        before: current,
        done: current.done.with(by, count + 1),
        last: { by, operation: operation.operation, result },
        state,
      },
    ];
  });
}

function operationAt(
  { ended, open }: ClientHistory,
  index: number,
): EndedOperation | OpenOperation | undefined {
  return index === ended.length ? open : ended[index];
}

/** Whether all that had ended before it began is done. */
function mayBeNext(
  { after }: OpenOperation,
  clients: readonly string[],
  { done }: Configuration,
): boolean {
  return clients.every((client, index) => (done[index] ?? 0) > (after[client] ?? -1));
}

function answer(model: SequentialModel, state: unknown, { operation }: OpenOperation): Invoked {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its own states come back to it
  const [at, asked] = [state as never, operation as never];
  return canonical(model.invoke(at, asked), `${model.name}.invoke`);
}

/** A result that is not there is the same as none. */
function isSame(told: unknown, answered: unknown): boolean {
  return isSameDigest(digest(canonical(told)), digest(canonical(answered)));
}

function stepsTo(
  { before, last }: Configuration,
  clients: readonly string[],
): readonly Explained[] {
  if (before === undefined || last === undefined) return [];
  const { by, operation, result } = last;
  return [...stepsTo(before, clients), { client: clients[by] ?? '', operation, result }];
}
