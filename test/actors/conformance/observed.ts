/** What can be seen of a backward pass: which messages it needs by the whole graph, counts, and gets gradients for. */
import { conformanceSystem, outcomeOf } from '../../../actors/conformance/outcome.ts';
import type {
  ConformanceOptions,
  ConformanceOutcome,
  Numbers,
} from '../../../actors/conformance/outcome.ts';
import type { ConformanceProgram } from '../../../actors/conformance/program.ts';
import { clusterView, workersOf } from '../../../actors/view.ts';
import { keyOf, makerOf } from '../../../machines/autograd/ids.ts';
import { recvFunctionsFrom } from '../../../machines/engine/dependencies.ts';
import type { GraphTaskContext } from '../../../machines/engine/graph-task-context.ts';
import type { AutogradNode, Tensor } from '../../../machines/engine/graph.ts';
import { entriesOf, getIn, randomWalk, runSystem, valuesOf } from '../../../src/index.ts';
import type { EventObject, Run, World } from '../../../src/index.ts';

/** One pass over all workers. */
export interface ObservedPass {
  /** The send functions that some worker counted as outstanding, ascending; one that two count comes twice. */
  readonly counted: readonly string[];
  /** The messages whose gradients arrived, ascending, as often as they did. */
  readonly fed: readonly string[];
  /** What the roots need, found by walking the graphs of all workers. */
  readonly used: readonly string[];
  /** The messages of all contexts whose send function does not take part, with their workers. */
  readonly unused: readonly string[];
}

export interface Observed {
  readonly messages: Readonly<Record<string, number>>;
  /** Its gradients are those of all contexts when the driver left its own. */
  readonly outcome: ConformanceOutcome;
  readonly passes: readonly ObservedPass[];
  readonly run: Run;
  /** The workers on which something is left. */
  readonly left: readonly string[];
}

/** Runs a program, in order or under a schedule. */
export function observe(
  program: ConformanceProgram,
  { seed, ...options }: ConformanceOptions & { readonly seed?: number },
): Observed {
  const system = conformanceSystem(program, { asks: false, ...options });
  let before = system.start().world;
  let gradients: Numbers = {};
  const passes: { fed: string[]; root: string; unused: string[]; used: string[] }[] = [];
  const tasks = new Map<string, readonly string[]>();
  const messages: Record<string, number> = {};
  const run = runSystem(system, {
    stepsMax: 100_000,
    ...(seed === undefined ? {} : { chooser: randomWalk(seed) }),
    onStep: ({ choice }, world) => {
      if (choice?.type === 'deliver' && isLeaving(choice.event)) gradients = gradientsIn(before);
      before = world;
      if (choice?.type === 'deliver' && choice.event.type === 'loop.started') {
        // cast -- the event that starts a loop
        const node = choice.event['node'] as AutogradNode;
        if (node.type === 'graph-root' && node.nextEdges.length > 0) {
          const used = usedFrom(world, node);
          passes.push({
            fed: [],
            root: choice.to,
            unused: unusedIn(world, used),
            used: used.toSorted(),
          });
        }
      }
      if (choice?.type === 'deliver' && /_REQ$|_RESP$/.test(choice.event.type)) {
        messages[choice.event.type] = (messages[choice.event.type] ?? 0) + 1;
        if (choice.event.type === 'BACKWARD_AUTOGRAD_REQ') {
          passes.at(-1)?.fed.push(String(choice.event['autogradMessageId']));
        }
      }
      for (const [address, awaited] of tasksIn(world)) {
        if (!tasks.has(address)) tasks.set(address, awaited);
      }
    },
  });
  return {
    left: clusterView(run.world).flatMap(({ isQuiet, name }) => (isQuiet ? [] : [name])),
    messages,
    outcome: { ...outcomeOf(program, run), gradients },
    passes: passes.map(({ fed, root, unused, used }) => ({
      counted: countedIn(
        tasks,
        root,
        passes.map((pass) => pass.root),
      ),
      fed: fed.toSorted(),
      unused,
      used,
    })),
    run,
  };
}

function isLeaving({ request, type }: EventObject): boolean {
  if (type !== 'request.made' || typeof request !== 'object' || request === null) return false;
  return 'type' in request && request.type === 'autograd.release-context';
}

/** The gradients of the leaves that workers keep, in whatever contexts there are. */
function gradientsIn(world: World): Numbers {
  const named = workersOf(world).flatMap(({ autograd, globals }) =>
    [...entriesOf(globals)].flatMap(([name, leaf]) => {
      // cast -- all globals of these programs are leaves
      const { id = '' } = leaf as Tensor;
      return valuesOf(autograd.contexts).flatMap(({ accumulatedGrads }) => {
        const grad = getIn(accumulatedGrads, id);
        if (grad?.type !== 'tensor') return [];
        const data = grad.data.map((element) => Number(element.toFixed(6)));
        return [[name.slice('leaf/'.length), data] as const];
      });
    }),
  );
  return Object.fromEntries(named);
}

/** What the graph tasks count that began with that of a root, before the next root's. */
function countedIn(
  tasks: ReadonlyMap<string, readonly string[]>,
  root: string,
  roots: readonly string[],
): readonly string[] {
  const own = [...tasks].slice([...tasks.keys()].indexOf(root));
  const end = own.findIndex(([address], index) => index > 0 && roots.includes(address));
  return (end < 0 ? own : own.slice(0, end)).flatMap(([, awaited]) => awaited).toSorted();
}

/** Walks from the roots over the graphs of all workers. */
function usedFrom(world: World, root: AutogradNode): string[] {
  const workers = workersOf(world);
  const used = new Set<string>();
  const open: AutogradNode[] = [root];
  for (const node of open) {
    for (const { autogradMessageId, contextId } of recvFunctionsFrom([node])) {
      if (used.has(autogradMessageId)) continue;
      used.add(autogradMessageId);
      const sender = workers[makerOf(autogradMessageId)];
      const context = sender && getIn(sender.autograd.contexts, keyOf(contextId));
      const send = context && getIn(context.sendFunctions, keyOf(autogradMessageId));
      if (send !== undefined) open.push(send);
    }
  }
  return [...used];
}

function unusedIn(world: World, used: readonly string[]): string[] {
  return workersOf(world).flatMap(({ autograd }) =>
    valuesOf(autograd.contexts).flatMap(({ sendFunctions }) =>
      valuesOf(sendFunctions)
        .map(({ autogradMessageId }) => String(autogradMessageId))
        .filter((id) => !used.includes(id)),
    ),
  );
}

function tasksIn(world: World): readonly (readonly [string, readonly string[]])[] {
  return workersOf(world).flatMap((worker) =>
    valuesOf(worker.passes).flatMap(({ pass }) => {
      const address = `${worker.name}/${pass.graphTask}`;
      const actor = getIn(world.actors, address);
      if (actor === undefined) return [];
      // cast -- what lives at the address of a pass
      const { task } = actor.local['context'] as GraphTaskContext;
      return [[address, valuesOf(task.awaited)] as const];
    }),
  );
}
