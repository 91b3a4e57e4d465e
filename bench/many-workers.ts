/** What a delivery costs where there are many workers that hold many references, against a small cluster. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type * as OrreryRpc from '../actors/index.ts';
import type { RRef } from '../actors/index.ts';
import type * as Orrery from '../src/index.ts';
import type { Choice, System, World } from '../src/index.ts';
import { median } from './alternate.ts';
import type { Section } from './section.ts';

/** What the clusters are made with: the built package where time is taken, its sources in a test. */
export interface Library {
  readonly orrery: Pick<typeof Orrery, 'defineFunctions' | 'defineSystem'>;
  readonly rpc: Pick<typeof OrreryRpc, 'cluster' | 'globals' | 'rpc'>;
}

/** How large a cluster is. */
export interface ClusterSize {
  /** References in all. */
  readonly references: number;
  readonly workers: number;
}

/** A cluster whose references are all alive, ready to be measured. */
export interface Loaded {
  readonly bytesPerReference: number;
  /** Milliseconds that so many deliveries between workers take; the world is the next one afterwards. */
  readonly deliver: (deliveries: number) => number;
  readonly world: () => World;
}

const small: ClusterSize = { references: 10, workers: 2 };
const deliveriesOfTurn = 2_000;
const turns = 9;

/** The large cluster and the small one in turns, so that a busy machine slows both alike. */
export function manyWorkers(library: Library, sizes: readonly ClusterSize[]): Section {
  return {
    title: 'Many workers',
    method:
      'Deliveries a second between workers by `dullest` and `apply`, in clusters in which each worker holds ' +
      'its share of all references to values on the next one, and goes on to create a value there, to read ' +
      `it and to let go of it. Medians of ${turns} turns of ${deliveriesOfTurn} deliveries in CPU time, in ` +
      'turns with a cluster of 2 workers and 10 references; the bar is a ratio of 0.5. Memory is what the ' +
      'heap has grown by until all references were there, by reference.',
    header: ['workers', 'references', 'deliveries/s', 'small cluster', 'ratio', 'bytes/reference'],
    rows: sizes.map((size) => {
      const [large, other] = [load(library, size), load(library, small)];
      const spans = Array.from({ length: turns }, () => ({
        large: large.deliver(deliveriesOfTurn),
        other: other.deliver(deliveriesOfTurn),
      }));
      return [
        `${size.workers}`,
        `${size.references}`,
        rate(median(spans.map((span) => span.large))),
        rate(median(spans.map((span) => span.other))),
        median(spans.map((span) => span.other / span.large)).toFixed(2),
        `${large.bytesPerReference}`,
      ];
    }),
  };
}

function rate(ms: number): string {
  return `${Math.round((deliveriesOfTurn / ms) * 1_000)}`;
}

/** Runs a cluster until each of its workers has all its references. */
export function load(library: Library, size: ClusterSize): Loaded {
  const before = heapBytes();
  const system = systemOf(library, size);
  let { world } = system.start();
  for (let ready = 0; ready < size.workers;) {
    const taken = step(system, world);
    world = taken.world;
    if (isReady(taken.choice)) ready += 1;
  }
  const bytesPerReference = Math.round((heapBytes() - before) / size.references);
  return {
    bytesPerReference,
    deliver: (deliveries) => {
      const start = process.cpuUsage();
      for (let done = 0; done < deliveries;) {
        const taken = step(system, world);
        world = taken.world;
        if (isBetweenWorkers(taken.choice)) done += 1;
      }
      return process.cpuUsage(start).user / 1_000;
    },
    world: () => world,
  };
}

interface Taken {
  readonly choice: Choice;
  readonly world: World;
}

function step(system: System, world: World): Taken {
  const choice = system.dullest(world);
  if (choice === undefined) throw new Error('The cluster has nothing left to do.');
  return { choice, world: system.apply(world, choice).world };
}

/** A worker says that it holds what it is to hold by setting a global. */
function isReady(choice: Choice): boolean {
  if (choice.type !== 'deliver' || choice.event.type !== 'request.made') return false;
  const { request } = choice.event as { readonly request?: { readonly type: string } };
  return request?.type === 'globals.set';
}

function isBetweenWorkers(choice: Choice): boolean {
  return choice.type === 'deliver' && !choice.from.includes('/') && !choice.to.includes('/');
}

function makeValue(): number {
  return 42;
}

function systemOf(library: Library, { references, workers }: ClusterSize): System {
  const { defineFunctions, defineSystem } = library.orrery;
  const { cluster, globals, rpc } = library.rpc;
  function* giveMany(count: number) {
    const made: RRef<number>[] = [];
    for (let index = 0; index < count; index += 1) made.push(yield* rpc.rref(index));
    return made;
  }
  function* hold(to: string, count: number) {
    yield* rpc.sync(to, giveMany, [count]);
    yield* globals.set('ready', true);
    for (;;) {
      const rref = yield* rpc.remote(to, makeValue, []);
      yield* rref.toHere();
      yield* rref.drop();
    }
  }
  const functions = defineFunctions({ giveMany, hold, makeValue });
  return defineSystem({
    ...cluster({
      functions,
      limits: { historyMax: 1_000_000 },
      main: ({ id }) =>
        functions.toCall('hold', [`worker${(id + 1) % workers}`, references / workers]),
      poolSize: 2,
      profile: 'hardened',
      workers,
    }),
    properties: [],
  });
}

/** What is reachable, after the collector has run. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  // cast -- the collector, once it is exposed
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
