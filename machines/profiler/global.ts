/**
 * Ranges in which a process records all requests that it serves, until each is over.
 *
 * @see PyTorch, `torch/csrc/distributed/rpc/profiler/server_process_global_profiler.cpp`,
 * `StackEntry`, `pushResultRecursive`; `torch/distributed/rpc/server_process_global_profiler.py`.
 */
import { torchCheck } from '../engine/torch-error.ts';
import type { ProfiledEvent } from './events.ts';
import type { ProfilerTable } from './table.ts';

/** All requests are recorded from now on, within the ranges that are open already. */
export function enterRange(table: ProfilerTable): {
  readonly id: number;
  readonly table: ProfilerTable;
} {
  const id = table.nextRange;
  const globals = [...table.globals, { id, results: [] }];
  return { id, table: { ...table, globals, nextRange: id + 1 } };
}

/**
 * The range is over: what each request recorded, in the order in which they ended.
 *
 * @throws {TorchError} if it is not the innermost one.
 */
export function exitRange(
  table: ProfilerTable,
  id: number,
): { readonly results: readonly (readonly ProfiledEvent[])[]; readonly table: ProfilerTable } {
  const last = table.globals.at(-1);
  torchCheck(
    last?.id === id,
    `Range ${id} of the profiler of this process is not the innermost one. Leave ranges in reverse order.`,
  );
  return { results: last.results, table: { ...table, globals: table.globals.slice(0, -1) } };
}

/** A request has ended: each range that was open at its start, and still is, has what it recorded. */
export function pushResult(
  table: ProfilerTable,
  {
    events,
    ranges,
  }: { readonly events: readonly ProfiledEvent[]; readonly ranges: readonly number[] },
): ProfilerTable {
  return {
    ...table,
    globals: table.globals.map((range) =>
      ranges.includes(range.id) ? { ...range, results: [...range.results, events] } : range,
    ),
  };
}
