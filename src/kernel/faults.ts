/** What the environment may do: inputs and faults, as far as their budgets go. */
import { address } from '../core/brand.ts';
import type { Address, NodeId } from '../core/brand.ts';
import { digest, formatDigest } from '../core/digest.ts';
import { unreachable } from '../core/errors.ts';
import { frozen } from '../core/frozen.ts';
import { entriesOf, getIn, valuesOf } from '../core/persistent-map.ts';
import type {
  Choice,
  InputChoice,
  MessageChoice,
  NodeChoice,
  PartitionChoice,
  TimerChoice,
} from './choice.ts';
import { eventOf, offeredBy } from './links.ts';
import type { Mechanics } from './mechanics.ts';
import { countedName, earlyName, nameOfOutcome } from './names.ts';
import { isStill } from './offers.ts';
import type { Declared, FaultBudget, Input, NodeFault, Rules } from './rules.ts';
import type { Link, Timer, World } from './world.ts';

/** Inputs first, then faults: what is less dull comes later. */
export function externalChoices(mechanics: Mechanics, world: World): readonly Choice[] {
  return [
    ...mechanics.rules.actors.flatMap((declared) => inputChoices(mechanics, world, declared)),
    ...messageFaults(mechanics, world),
    ...earlyTimers(mechanics, world),
    ...nodeFaults(mechanics, world),
    ...partitionFaults(mechanics, world),
  ];
}

/** What may be spent in a run, by fault and by input; an input without a budget has no entry. */
export function firstBudgets({ actors, budgets }: Rules): Readonly<Record<string, number>> {
  const inputs = actors.flatMap((declared) =>
    declared.inputs.flatMap(({ budget }, index) =>
      budget === undefined ? [] : [[inputBudget(declared, index), budget] as const],
    ),
  );
  return frozen({ ...budgets, ...Object.fromEntries(inputs) });
}

/** The budget that an input draws on. */
export function inputBudget(declared: Declared, index: number): string {
  return `input:${declared.address}:${index}`;
}

/** The word by which an input is counted. */
export function inputWord(declared: Declared, { event }: Input): string {
  const hasPayload = Object.keys(event).length > 1;
  const payload = hasPayload ? `:${formatDigest(digest(event)).slice(0, 8)}` : '';
  return `input:${declared.address}:${event.type}${payload}`;
}

/** The choice that makes a fault of a node or of the network happen. */
function faultChoice(world: World, fault: NodeFault): NodeChoice | PartitionChoice {
  switch (fault.type) {
    case 'partition':
      return partitionChoice(world, 'partition', fault.partition);
    case 'heal':
      return partitionChoice(world, 'heal', world.partition ?? '');
    case 'crash':
    case 'restart':
    case 'pause':
    case 'resume':
      return {
        type: fault.type,
        name: countedName(world.ledger, `${fault.type}:${fault.node}`),
        after: 0,
        node: fault.node,
      };
    default:
      return unreachable(fault);
  }
}

/** The next fault of the plan; in untimed mode it may come at any moment. */
export function plannedChoice(
  { rules }: Mechanics,
  world: World,
): NodeChoice | PartitionChoice | undefined {
  const [next] = world.plan;
  if (next === undefined) return undefined;
  const after = rules.time === 'timed' ? next.after : 0;
  const choice = faultChoice(world, next.fault);
  // Misfortune may offer the same fault: what is planned has a name of its own.
  return { ...choice, name: `planned:${choice.name}`, after, planned: true };
}

/** Whether a fault can befall the world as it is: only what is up crashes, only what is down restarts. */
export function isPossible(world: World, choice: NodeChoice | PartitionChoice): boolean {
  switch (choice.type) {
    case 'crash':
      return getIn(world.nodes, choice.node) !== 'down';
    case 'restart':
      return getIn(world.nodes, choice.node) === 'down';
    case 'pause':
      return getIn(world.nodes, choice.node) === undefined;
    case 'resume':
      return getIn(world.nodes, choice.node) === 'paused';
    case 'partition':
      return world.partition !== choice.partition;
    case 'heal':
      return world.partition !== undefined;
    default:
      return unreachable(choice);
  }
}

/** The inputs that a declared actor can take now. */
export function inputChoices(
  mechanics: Mechanics,
  world: World,
  declared: Declared,
): readonly InputChoice[] {
  const actor = getIn(world.actors, declared.address);
  if (actor === undefined || actor.local.status !== 'active') return [];
  if (getIn(world.nodes, declared.node) !== undefined) return [];
  return declared.inputs.flatMap((input, index): InputChoice[] => {
    if (world.budgets[inputBudget(declared, index)] === 0) return [];
    if (
      !mechanics.stepper.can(
        { address: declared.address, logic: actor.logic },
        actor.local,
        input.event,
      )
    )
      return [];
    return [
      {
        type: 'input',
        name: countedName(world.ledger, inputWord(declared, input)),
        actor: declared.address,
        event: input.event,
      },
    ];
  });
}

function messageFaults(mechanics: Mechanics, world: World): readonly Choice[] {
  const types = (['drop', 'duplicate'] as const).filter((type) => hasBudget(world, type));
  if (types.length === 0) return [];
  const links = valuesOf(world.links).filter((link) => isAtRisk(mechanics, link));
  return types.flatMap((type) => links.flatMap((link) => faultsOfLink(mechanics, link, type)));
}

/** Whether messages of a link can be lost or come twice. */
export function isAtRisk(
  { isLocal, isSteadfast, nodeOf }: Mechanics,
  { from, to }: Pick<Link, 'from' | 'to'>,
): boolean {
  return !isLocal(from, to) && !isSteadfast(nodeOf(from)) && !isSteadfast(nodeOf(to));
}

/** In a FIFO any message can be lost, not only the head; of equal ones the first stands for all. */
function faultsOfLink(
  mechanics: Mechanics,
  link: Link,
  type: 'drop' | 'duplicate',
): readonly MessageChoice[] {
  const kind = mechanics.kindOf(link.from, link.to);
  // A set holds each message once.
  if (kind === 'persistent' && type === 'duplicate') return [];
  const queue = kind === 'fifo' ? link.queue : offeredBy(link, kind);
  return queue.map(({ content, name }) => ({
    type,
    name: `${type}:${name}`,
    after: 0,
    event: eventOf(content),
    from: link.from,
    to: link.to,
  }));
}

/** The timers that may fire before they are due. In untimed mode no timer has to wait. */
export function earlyTimers(mechanics: Mechanics, world: World): readonly TimerChoice[] {
  if (mechanics.rules.time === 'untimed' || !hasBudget(world, 'early')) return [];
  return [...entriesOf(world.timers)].flatMap(([key, groups]) => {
    const actor = address(key);
    return isStill(mechanics, world, actor)
      ? []
      : groups.flat().flatMap((timer) => earlyMoments(actor, timer));
  });
}

function earlyMoments(
  actor: Address,
  { events, id, name, windows }: Timer,
): readonly TimerChoice[] {
  if (windows[0] === 0) return [];
  return events.map((event, outcome) => ({
    type: 'early',
    name: nameOfOutcome(earlyName(name), { outcome, outcomes: events.length }),
    actor,
    after: 0,
    event,
    ...(id === undefined ? {} : { id }),
  }));
}

function nodeFaults(mechanics: Mechanics, world: World): readonly Choice[] {
  return mechanics.nodes
    .filter((node) => !mechanics.isSteadfast(node))
    .flatMap((node) => faultsOfNode(world, node));
}

function faultsOfNode(world: World, node: NodeId): readonly Choice[] {
  const state = getIn(world.nodes, node);
  switch (state) {
    case undefined:
      return (['pause', 'crash'] as const)
        .filter((type) => hasBudget(world, type))
        .map((type) => faultChoice(world, { type, node }));
    case 'paused':
      return [faultChoice(world, { type: 'resume', node })];
    case 'down':
      return hasBudget(world, 'restart') ? [faultChoice(world, { type: 'restart', node })] : [];
    default:
      return unreachable(state);
  }
}

function partitionFaults({ rules }: Mechanics, world: World): readonly Choice[] {
  if (world.partition !== undefined) return [partitionChoice(world, 'heal', world.partition)];
  if (!hasBudget(world, 'partition')) return [];
  return rules.partitions.map(({ name }) => partitionChoice(world, 'partition', name));
}

function partitionChoice(
  world: World,
  type: PartitionChoice['type'],
  partition: string,
): PartitionChoice {
  return { type, name: countedName(world.ledger, `${type}:${partition}`), after: 0, partition };
}

function hasBudget(world: World, fault: keyof FaultBudget): boolean {
  return (world.budgets[fault] ?? 0) > 0;
}
