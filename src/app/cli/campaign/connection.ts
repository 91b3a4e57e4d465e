/**
 * The way to Redis or Valkey. What talks to it is installed by whoever wants it; credentials come from the
 * environment, where no list of processes and no history of a shell shows them.
 */
import type * as BullMq from 'bullmq';
import type * as IoRedis from 'ioredis';

import { invariant, messageOf, SimulationError } from '../../../core/errors.ts';
import { readText } from '../files.ts';

/** Where the queue is, and how to get there. */
export interface QueueAddress {
  readonly engine: string;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsServername?: string;
}

/** What is loaded only where there is a queue. */
export interface QueueLibraries {
  readonly bullmq: typeof BullMq;
  readonly ioredis: Pick<typeof IoRedis, 'Redis'>;
}

/** How Redis is reached, as its client takes it. */
export interface RedisAccess {
  readonly db?: number;
  readonly host: string;
  readonly maxRetriesPerRequest: null;
  readonly password?: string;
  readonly port: number;
  readonly tls?: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly servername?: string;
  };
  readonly username?: string;
}

/** The name of the queue that all campaigns share. */
export const queueName = 'orrery';

const portDefault = 6_379;

/**
 * What the address says, for the client.
 *
 * @throws {SimulationError} `cli/bad-engine` for what is no address of Redis, or holds a password.
 */
export function redisOptions(
  address: QueueAddress,
  environment: Readonly<Record<string, string | undefined>>,
): RedisAccess {
  const { engine, tlsCa, tlsCert, tlsKey, tlsServername } = address;
  const url = URL.canParse(engine) ? new URL(engine) : undefined;
  const isSecure = url?.protocol === 'rediss:';
  invariant(
    url !== undefined && (isSecure || url.protocol === 'redis:') && url.hostname !== '',
    'cli/bad-engine',
    `"${withoutPassword(engine)}" is no address of Redis. Write redis://host:6379, or rediss:// for TLS.`,
  );
  invariant(
    url.password === '',
    'cli/bad-engine',
    'A password in an address can be seen by others. Give it as ORRERY_REDIS_PASSWORD, in the environment.',
  );
  const tls = [tlsCa, tlsCert, tlsKey, tlsServername].some((given) => given !== undefined);
  invariant(
    isSecure || !tls,
    'cli/bad-engine',
    'There are options for TLS, but the address says to use none. Write it as rediss://.',
  );
  const database = url.pathname.replace(/^\//, '');
  invariant(
    /^\d{0,5}$/.test(database),
    'cli/bad-engine',
    `"${database}" is no database of Redis: give a number, as redis://host:6379/2, or none.`,
  );
  const username = environment['ORRERY_REDIS_USERNAME'] ?? decodeURIComponent(url.username);
  const password = environment['ORRERY_REDIS_PASSWORD'];
  return {
    host: url.hostname.replaceAll(/[[\]]/g, ''),
    port: url.port === '' ? portDefault : Number(url.port),
    // Whoever waits for a worker waits for as long as Redis is away, too.
    maxRetriesPerRequest: null,
    ...(database === '' ? {} : { db: Number(database) }),
    ...(username === '' ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(isSecure
      ? {
          tls: {
            ...(tlsCa === undefined ? {} : { ca: readText(tlsCa) }),
            ...(tlsCert === undefined ? {} : { cert: readText(tlsCert) }),
            ...(tlsKey === undefined ? {} : { key: readText(tlsKey) }),
            ...(tlsServername === undefined ? {} : { servername: tlsServername }),
          },
        }
      : {}),
  };
}

/**
 * Loads what talks to the queue.
 *
 * @throws {SimulationError} `cli/no-queue` where it is not installed.
 */
export async function loadQueue(): Promise<QueueLibraries> {
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, ioredis };
  } catch (thrown) {
    throw new SimulationError(
      'cli/no-queue',
      'A campaign on several machines needs two packages that Orrery does not bring along. Install them with: ' +
        `npm install bullmq@6 ioredis@5 (${messageOf(thrown)})`,
      { cause: thrown },
    );
  }
}

const patienceMs = 5_000;

/**
 * Asks Redis whether it can keep a queue.
 *
 * @throws {SimulationError} `cli/unreachable`, `cli/bad-redis`.
 */
export async function requireQueue(
  { ioredis }: QueueLibraries,
  options: RedisAccess,
): Promise<void> {
  const client = new ioredis.Redis({
    ...options,
    connectTimeout: patienceMs,
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let last: unknown;
  client.on('error', (error) => {
    last = error;
  });
  try {
    await client.connect();
    requireFit(await factsOf(client));
  } catch (thrown) {
    if (thrown instanceof SimulationError) throw thrown;
    throw new SimulationError(
      'cli/unreachable',
      `Redis at ${options.host}:${options.port} does not answer: ${messageOf(last ?? thrown)}. Is it running, and ` +
        'are ORRERY_REDIS_USERNAME and ORRERY_REDIS_PASSWORD right?',
      { cause: thrown },
    );
  } finally {
    client.disconnect();
  }
}

async function factsOf(client: IoRedis.Redis): Promise<ReadonlyMap<string, string>> {
  const lines = (await client.info()).split('\r\n');
  return new Map(
    lines.flatMap((line): readonly (readonly [string, string])[] => {
      const cut = line.indexOf(':');
      return cut < 0 ? [] : [[line.slice(0, cut), line.slice(cut + 1)]];
    }),
  );
}

/** BullMQ recommends 6.2, with which it was tried; Valkey says which Redis it is like. */
const [majorMin, minorMin] = [6, 2];

function requireFit(facts: ReadonlyMap<string, string>): void {
  const version = facts.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  invariant(
    major > majorMin || (major === majorMin && minor >= minorMin),
    'cli/bad-redis',
    `This is Redis ${version}, and a queue needs ${majorMin}.${minorMin} or newer, or Valkey.`,
  );
  const policy = facts.get('maxmemory_policy') ?? 'noeviction';
  invariant(
    policy === 'noeviction',
    'cli/bad-redis',
    `This Redis may forget jobs when memory is short (maxmemory-policy is ${policy}). ` +
      'Set it with: redis-cli config set maxmemory-policy noeviction',
  );
}

function withoutPassword(text: string): string {
  return text.replace(/:[^:@/]*@/, ':…@');
}
