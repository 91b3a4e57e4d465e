/** What a node of a graph costs in a local backward pass, as graphs grow. */
import { median } from './alternate.ts';
import { built, builtRpc } from './built.ts';
import type { Section } from './section.ts';

const sizes = [10, 100, 1_000, 10_000, 100_000];
const nodesOfTurn = 5_000;
const nodesToWarmUp = 500;
const turns = 3;

/** All sizes in turns; small graphs are gone through so often that a turn has as many nodes. */
export function backwardNodes(): Section {
  // What is compiled in the first passes is nobody's cost: each size is to find the same.
  for (const size of [1, 10, 1_000]) costOf(size, nodesToWarmUp);
  const alone = median(Array.from({ length: turns }, () => costOf(1, nodesToWarmUp)));
  const spans = Array.from({ length: turns }, () => sizes.map((size) => costOf(size)));
  const costs = sizes.map((_, index) => median(spans.map((span) => span[index] ?? 0)));
  const least = Math.min(...costs);
  return {
    title: 'Nodes of a backward pass',
    method:
      'Microseconds of CPU time for a node, from `backward` to its end, in a chain of multiplications on one ' +
      `worker; a node is two steps, its turn and the answer. Medians of ${turns} turns of at least ` +
      `${nodesOfTurn} nodes, each pass with all that it costs to begin and to end; a pass over one node alone ` +
      `takes ${alone.toFixed(0)}. The bar is at most twice the least of all sizes.`,
    header: ['nodes', 'us a node', 'of the least'],
    rows: sizes.map((size, index) => {
      const cost = costs[index] ?? 0;
      return [`${size}`, cost.toFixed(0), (cost / least).toFixed(2)];
    }),
  };
}

/** Microseconds a node, without what is before `backward`. */
function costOf(size: number, nodes = nodesOfTurn): number {
  const times = Math.max(1, Math.ceil(nodes / size));
  let us = 0;
  for (let time = 0; time < times; time += 1) us += timePass(size);
  return us / times / size;
}

function timePass(size: number): number {
  const { defineFunctions, defineSystem } = built;
  const { cluster, mainOutcome, torch } = builtRpc;
  function* chain() {
    let last = yield* torch.tensor([1], { requiresGrad: true });
    for (let node = 1; node < size; node += 1) last = yield* torch.mul(last, 1);
    yield* torch.backward([last]);
  }
  const functions = defineFunctions({ chain });
  const system = defineSystem({
    ...cluster({
      functions,
      limits: { stepsMax: 10 * size + 1_000 },
      main: { worker0: functions.toCall('chain', []) },
      workers: 1,
    }),
    monitors: [],
    properties: [],
  });
  // The graph is made in the first step, and the request to go through it waits.
  let { world } = system.start();
  const before = process.cpuUsage();
  for (let choice = system.dullest(world); choice !== undefined; choice = system.dullest(world))
    ({ world } = system.apply(world, choice));
  const { system: inKernel, user } = process.cpuUsage(before);
  const ended = mainOutcome(world, 'worker0');
  if (ended.type !== 'returned') throw new Error(`A pass over ${size} nodes: ${ended.type}.`);
  return inKernel + user;
}
