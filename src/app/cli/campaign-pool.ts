/** Threads that carry out jobs, in a kept pool. */
import { Tinypool } from 'tinypool';

import type { Reply, Task } from './campaign/carrier.ts';
import { runsFromSource } from './package-root.ts';

/** Some threads. */
export interface Pool {
  readonly close: () => Promise<void>;
  /** Carries out a task in a thread that is free, or will be. */
  readonly run: (task: Task) => Promise<Reply>;
  readonly threads: number;
}

/** So many threads, each begun with its first job. */
export function createPool(threads: number): Pool {
  const pool = new Tinypool({
    filename: entry(),
    maxThreads: threads,
    minThreads: threads,
    name: 'carryOut',
    runtime: 'worker_threads',
  });
  return {
    close: async () => pool.destroy(),
    run: async (task) => {
      const reply: Reply = await pool.run(task);
      return reply;
    },
    threads,
  };
}

/** What a thread loads. What runs TypeScript in this thread does not do so in another by itself. */
function entry(): string {
  const file = new URL(`./campaign-thread${runsFromSource ? '.ts' : '.js'}`, import.meta.url).href;
  if (!runsFromSource) return file;
  const code =
    `const { register } = await import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}); register(); ` +
    `export const { carryOut } = await import(${JSON.stringify(file)});`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
