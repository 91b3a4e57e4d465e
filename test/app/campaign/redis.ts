/** A Redis of a test's own, and the processes that work with it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { inFolder } from '../cli.ts';

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A Redis that keeps what it is given. */
export function startRedis(folder: string, port: number): ChildProcess {
  const dir = join(folder, 'redis');
  mkdirSync(dir, { recursive: true });
  const words = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--appendonly',
    'yes',
  ];
  return spawn('redis-server', words, { stdio: 'ignore' });
}

/** Gives `body` a Redis, and ends all that it began. */
export async function withRedis(body: (stand: Stand) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const port = await freePort();
    const children: ChildProcess[] = [];
    const begin = (child: ChildProcess): ChildProcess => {
      children.push(child);
      return child;
    };
    try {
      const redis = begin(startRedis(folder, port));
      await pause(300);
      await body({ begin, engine: `redis://127.0.0.1:${port}`, folder, port, redis });
    } finally {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map(ended));
    }
  });
}

interface Stand {
  readonly begin: (child: ChildProcess) => ChildProcess;
  readonly engine: string;
  readonly folder: string;
  readonly port: number;
  readonly redis: ChildProcess;
}

/** How a process ended, once it has. */
export async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  return new Promise((resolve) => {
    child.once('exit', resolve);
  });
}

/** What a process says, as far as it has. */
export function textOf(child: ChildProcess, stream: 'stderr' | 'stdout'): () => string {
  let text = '';
  child[stream]?.on('data', (data: Buffer) => {
    text += data.toString();
  });
  return () => text;
}
