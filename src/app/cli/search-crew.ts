/** Threads of this process that help a search: each makes the same system anew. */
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';

import { word } from '../../explore/threads/control.ts';
import type { Crew, Link } from '../../explore/threads/crew.ts';
import type { Variant } from '../../runtime/variant.ts';
import { runsFromSource } from './package-root.ts';
import type { Params } from './scenario.ts';

/** What a thread makes its system of. */
export interface SearchTask {
  readonly given: Params;
  /** The name of a scenario, or the path of a module. */
  readonly name: string;
  readonly properties?: readonly string[] | undefined;
  readonly variant: Variant;
}

/** What a thread begins with. */
export interface SearchThreadData {
  readonly port: MessagePort;
  readonly task: SearchTask;
}

const restMs = 20;

/** Runs something with a crew of so many threads, which get ready meanwhile and go afterwards; none for 0. */
export async function withCrew<Result>(
  task: SearchTask,
  threads: number,
  run: (crew: Crew | undefined) => Result,
): Promise<Result> {
  if (threads === 0) return run(undefined);
  const hired = Array.from({ length: threads }, () => hire(task));
  try {
    return run({
      links: hired.map(({ port }) => linkOver(port)),
      rest: (control, seen) => {
        Atomics.wait(control, word.signal, seen, restMs);
      },
      turn: () => undefined,
    });
  } finally {
    await Promise.all(hired.map(async ({ thread }) => thread.terminate()));
  }
}

/** A link over a port that waits for nobody. */
export function linkOver<Sent, Received>(port: MessagePort): Link<Sent, Received> {
  return {
    receive: () => {
      const received: { readonly message: Received } | undefined = receiveMessageOnPort(port);
      return received?.message;
    },
    send: (message) => {
      port.postMessage(message);
    },
  };
}

function hire(task: SearchTask): { readonly port: MessagePort; readonly thread: Worker } {
  const { port1, port2 } = new MessageChannel();
  const workerData: SearchThreadData = { port: port2, task };
  const thread = new Worker(entry(), {
    eval: runsFromSource,
    execArgv: [],
    transferList: [port2],
    workerData,
  });
  // A thread that cannot start helps nobody; the search goes on, and meets the same mistake if it is one.
  thread.on('error', () => undefined);
  return { port: port1, thread };
}

/** Where a thread begins. What runs TypeScript in this thread does not do so in another by itself. */
function entry(): string | URL {
  const file = new URL(`search-thread${runsFromSource ? '.ts' : '.js'}`, import.meta.url);
  if (!runsFromSource) return file;
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `import(${loader}).then(({ register }) => { register(); return import(${JSON.stringify(file.href)}); });`;
}
