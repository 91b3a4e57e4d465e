/** A slow and simple judge of liveness over worlds of the plain kernel: no numbers, no components. */
import { digest, formatDigest } from '../../../src/core/digest.ts';
import { entriesOf, getIn } from '../../../src/core/persistent-map.ts';
import { viewOfWorld } from '../../../src/explore/view-of-world.ts';
import type { Choice, LivenessProperty, System, World } from '../../../src/index.ts';
import { isExternal } from '../../../src/kernel/choice.ts';

interface Step {
  readonly duty: string | undefined;
  readonly to: string;
}

interface Node {
  readonly isWaiting: boolean;
  readonly owed: readonly string[];
  readonly rests: boolean;
  readonly steps: readonly Step[];
  readonly waits: boolean;
}

/** Whether the property is broken; `undefined` where that would take too long. */
export function isBrokenByReference(
  system: System,
  property: LivenessProperty,
): boolean | undefined {
  const graph = graphOf(system, property);
  if (graph === undefined) return undefined;
  const [start] = graph.keys();
  const seeds =
    property.type === 'eventually'
      ? [start ?? ''].filter((at) => graph.get(at)?.waits)
      : [...graph.keys()].filter((at) => graph.get(at)?.waits);
  const open = new Set(seeds);
  for (const at of open) {
    for (const { to } of graph.get(at)?.steps ?? []) if (graph.get(to)?.isWaiting) open.add(to);
  }
  if ([...open].some((at) => graph.get(at)?.rests)) return true;
  let isTooMuch = false;
  const found = [...open].some((at) => {
    const answer = hasFairTurn(graph, open, at);
    if (answer === undefined) isTooMuch = true;
    return answer === true;
  });
  return isTooMuch && !found ? undefined : found;
}

/** Whether a run can come back to `start` having done, or been free of, all that is owed. */
function hasFairTurn(
  graph: ReadonlyMap<string, Node>,
  open: ReadonlySet<string>,
  start: string,
): boolean | undefined {
  const first = { at: start, left: graph.get(start)?.owed ?? [] };
  const queue = [first];
  const seen = new Set<string>();
  for (const { at, left } of queue) {
    if (seen.size > 5_000) return undefined;
    for (const { duty, to } of graph.get(at)?.steps ?? []) {
      if (!open.has(to)) continue;
      const owed = graph.get(to)?.owed ?? [];
      const next = left.filter((one) => one !== duty && owed.includes(one));
      if (to === start && next.length === 0) return true;
      const key = `${to} ${next.join('|')}`;
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push({ at: to, left: next });
    }
  }
  return false;
}

const worldsMax = 150;

function graphOf(system: System, property: LivenessProperty): Map<string, Node> | undefined {
  const graph = new Map<string, Node>();
  const { world: start } = system.start();
  const queue: World[] = [start];
  const known = new Set([system.hash(start)]);
  for (const world of queue) {
    if (known.size > worldsMax) return undefined;
    const steps: Step[] = [];
    const choices = system.choices(world);
    for (const choice of choices) {
      const { world: next } = system.apply(world, choice);
      const to = system.hash(next);
      steps.push({ duty: dutyOf(system, world, choice), to });
      if (known.has(to)) continue;
      known.add(to);
      queue.push(next);
    }
    const view = viewOfWorld(system.mechanics.rules, world);
    const isDone = property.type === 'eventually' ? property.holds(view) : property.to(view);
    const owed =
      system.mechanics.rules.time === 'timed'
        ? duties(system, world)
        : steps.flatMap(({ duty }) => duty ?? []);
    graph.set(system.hash(world), {
      isWaiting: !isDone,
      owed: [...new Set(owed)].toSorted(),
      rests: choices.every((choice) => isExternal(choice)),
      steps,
      waits: !isDone && (property.type === 'eventually' || property.from(view)),
    });
  }
  return graph;
}

function dutyOf(system: System, world: World, choice: Choice): string | undefined {
  if (isExternal(choice)) return undefined;
  if (choice.type === 'deliver') {
    const { from, to } = choice;
    const link = `${from}>${to}`;
    if (system.mechanics.kindOf(from, to) === 'fifo') return link;
    return `${link} ${formatDigest(digest(choice.event))}`;
  }
  if (choice.type !== 'fire') return 'plan';
  const timer = (getIn(world.timers, choice.actor) ?? [])
    .flat()
    .find(({ name }) => choice.name.startsWith(name));
  return timerDuty(choice.actor, timer);
}

function timerDuty(
  actor: string,
  timer: { readonly events: unknown; readonly id?: string; readonly to: string } | undefined,
): string {
  return `${actor} ${JSON.stringify([timer?.events, timer?.id, timer?.to])}`;
}

/** What is in flight and set, due or not; where every delivery is a choice. */
function duties(system: System, world: World): readonly string[] {
  const { mechanics } = system;
  const { nodeOf, rules } = mechanics;
  const isPaused = (node: string): boolean => getIn(world.nodes, node) === 'paused';
  const isHeld = rules.partitions.find(({ name }) => name === world.partition)?.messages === 'hold';
  const mail = [...entriesOf(world.links)].flatMap(([, { from, queue, to }]) => {
    if (isPaused(nodeOf(to)) || (isHeld && nodeOf(from) !== nodeOf(to))) return [];
    if (mechanics.kindOf(from, to) === 'fifo') return [`${from}>${to}`];
    return queue.flatMap(({ content }) =>
      content.type === 'event' ? [`${from}>${to} ${formatDigest(digest(content.event))}`] : [],
    );
  });
  const timers = [...entriesOf(world.timers)].flatMap(([actor, groups]) =>
    isPaused(nodeOf(actor as never))
      ? []
      : groups.flatMap((group) => (group[0] === undefined ? [] : [timerDuty(actor, group[0])])),
  );
  return [...mail, ...timers, ...(world.plan.length > 0 ? ['plan'] : [])];
}
