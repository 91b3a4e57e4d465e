/** Threads of this process that help a search. */
import { Worker } from 'node:worker_threads';

import { createGround } from '../../explore/native/core.ts';
import type { Ground } from '../../explore/native/core.ts';
import type { Crew } from '../../explore/native/crew.ts';
import { runsFromSource } from './package-root.ts';

/** What a thread begins with. */
export interface SearchThreadData {
  readonly ground: Ground;
  /** Its number; the leader is 0. */
  readonly party: number;
}

const restMs = 20;

/** Runs something with a crew of so many threads, which get ready meanwhile and go afterwards; none for 0. */
export async function withCrew<Result>(
  threads: number,
  run: (crew: Crew | undefined) => Result,
): Promise<Result> {
  const ground = threads === 0 ? undefined : createGround();
  if (ground === undefined) return run(undefined);
  const hired = Array.from({ length: threads }, (_, helper) => hire({ ground, party: helper + 1 }));
  try {
    return run({
      ground,
      helpers: threads,
      rest: (words, at, seen) => {
        Atomics.wait(words, at, seen, restMs);
      },
      turn: () => undefined,
    });
  } finally {
    await Promise.all(hired.map(async (thread) => thread.terminate()));
  }
}

function hire(data: SearchThreadData): Worker {
  const thread = new Worker(entry(), {
    eval: runsFromSource,
    execArgv: [],
    workerData: data,
  });
  // A thread that cannot start helps nobody; the search goes on.
  thread.on('error', () => undefined);
  return thread;
}

/** Where a thread begins. What runs TypeScript in this thread does not do so in another by itself. */
function entry(): string | URL {
  const file = new URL(`search-thread${runsFromSource ? '.ts' : '.js'}`, import.meta.url);
  if (!runsFromSource) return file;
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `import(${loader}).then(({ register }) => { register(); return import(${JSON.stringify(file.href)}); });`;
}
