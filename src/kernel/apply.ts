/** One choice applied to a world. */
import { address, type Address, type NodeId } from '../core/brand.ts';
import { digest, formatDigest, type Digest } from '../core/digest.ts';
import { invariant, SimulationError, unreachable } from '../core/errors.ts';
import { deleteIn, getIn, hasIn, keysOf, setIn } from '../core/persistent-map.ts';
import { eventOf, isCut } from './candidates.ts';
import {
  describeChoice,
  type Choice,
  type InputChoice,
  type MessageChoice,
  type NodeChoice,
  type PartitionChoice,
  type TimerChoice,
} from './choice.ts';
import { nextSeq, openDraft, post, removeActor, sealDraft, take, type Draft } from './draft.ts';
import { startActor, stepActor, stopActor } from './effects.ts';
import { elapse } from './elapse.ts';
import { inputBudget, inputWord } from './faults.ts';
import { enqueue } from './links.ts';
import type { Mechanics } from './mechanics.ts';
import { nameOfVariant } from './names.ts';
import type { Step } from './step.ts';
import { removeTimer } from './timers.ts';
import { linkKey, type Envelope, type Link, type Timer, type World } from './world.ts';

/** What `apply` gives: the next world, and what happened on the way. */
export interface Applied {
  readonly step: Step;
  readonly world: World;
}

/**
 * The world after `choice`.
 *
 * @throws {SimulationError} `kernel/not-offered` if the world does not offer it.
 */
export function applyChoice(mechanics: Mechanics, world: World, choice: Choice): Applied {
  const draft = openDraft(mechanics, world, causeOf(choice));
  pass(draft, 'after' in choice ? choice.after : 0);
  carryOut(draft, choice);
  const { ledger, happened } = draft;
  const step = { at: ledger.clock, choice, happened, index: ledger.steps };
  return { step, world: sealDraft(draft) };
}

function carryOut(draft: Draft, choice: Choice): void {
  switch (choice.type) {
    case 'deliver':
      return deliver(draft, choice);
    case 'fire':
      return fire(draft, choice);
    case 'input':
      return give(draft, choice);
    case 'drop':
      return drop(draft, choice);
    case 'duplicate':
      return duplicate(draft, choice);
    case 'crash':
      return crash(draft, choice.node, choice.planned);
    case 'restart':
      return restart(draft, choice.node, choice.planned);
    case 'pause':
    case 'resume':
      return hold(draft, choice);
    case 'partition':
    case 'heal':
      return split(draft, choice);
    default:
      return unreachable(choice);
  }
}

/** Messages and timers have causal names already; what has no cause is named by its own count. */
function causeOf(choice: Choice): Digest {
  return digest(choice.name);
}

function pass(draft: Draft, span: number): void {
  if (span === 0) return;
  draft.ledger.clock += span;
  Object.assign(draft.world, elapse(draft.world, span));
}

function deliver(draft: Draft, choice: MessageChoice): void {
  const { link, envelope } = findMessage(draft, choice);
  const { mechanics } = draft;
  if (mechanics.kindOf(link.from, link.to) !== 'persistent') take(draft, link, envelope.seq);
  const event = eventOf(envelope.content);
  const { from, to } = link;
  if (isCut(mechanics, draft.world, link)?.messages === 'drop') {
    draft.happened.push({ type: 'lost', event, from, to, why: 'partition' });
  } else if (getIn(draft.world.nodes, mechanics.nodeOf(to)) === 'down') {
    draft.happened.push({ type: 'lost', event, from, to, why: 'node-down' });
    if (mechanics.rules.toDownNode === 'refused') refuse(draft, link, envelope);
  } else if (envelope.content.type === 'stop') {
    stopActor(draft, to);
  } else if (getIn(draft.world.actors, to)?.local.status === 'active') {
    stepActor(draft, to, event);
  } else {
    draft.happened.push({ type: 'lost', event, from, to, why: 'dead-letter' });
  }
}

/** A refusal travels back like any message, unless the sender is gone or refused itself. */
function refuse(draft: Draft, { from, to }: Link, { content }: Envelope): void {
  const { stepper } = draft.mechanics;
  if (content.type !== 'event') return;
  const event = stepper.refused(to, content.event);
  if (content.event.type === event.type || !hasIn(draft.world.actors, from)) return;
  post(draft, { event, from: to, to: from });
}

function fire(draft: Draft, choice: TimerChoice): void {
  const { actor, event, name } = choice;
  const [timerName = '', index] = splitName(name);
  const timer = findTimer(draft, actor, timerName);
  invariant(
    timer !== undefined && timer.events[Number(index ?? 0)]?.type === event.type,
    'kernel/not-offered',
    `There is no set timer for "${describeChoice(choice)}" (${name}).`,
  );
  draft.world.timers = removeTimer(draft.world.timers, actor, timer.seq);
  if (timer.to === actor) stepActor(draft, actor, event);
  else post(draft, { event, from: actor, to: timer.to });
}

function give(draft: Draft, { actor, event, name }: InputChoice): void {
  const declared = draft.mechanics.rules.actors.find((candidate) => candidate.address === actor);
  const index =
    declared?.inputs.findIndex((input) => name.startsWith(`${inputWord(declared, input)}#`)) ?? -1;
  const input = declared?.inputs[index];
  invariant(
    declared !== undefined && input !== undefined && hasIn(draft.world.actors, actor),
    'kernel/not-offered',
    `"${actor}" has no input "${event.type}" (${name}).`,
  );
  if (input.budget !== undefined) spend(draft, inputBudget(declared, index));
  count(draft, inputWord(declared, input));
  stepActor(draft, actor, input.event);
}

function drop(draft: Draft, choice: MessageChoice): void {
  const { link, envelope } = findMessage(draft, choice);
  spend(draft, 'drop');
  take(draft, link, envelope.seq);
  const { from, to } = link;
  draft.happened.push({ type: 'lost', event: eventOf(envelope.content), from, to, why: 'dropped' });
}

function duplicate(draft: Draft, choice: MessageChoice): void {
  const { link, envelope } = findMessage(draft, choice);
  spend(draft, 'duplicate');
  const copy = Object.freeze({
    ...envelope,
    name: nameOfVariant(envelope.name, 'duplicate'),
    seq: nextSeq(draft),
  });
  draft.world.links = enqueue(draft.world.links, {
    key: linkKey(link.from, link.to),
    link,
    envelope: copy,
    kind: draft.mechanics.kindOf(link.from, link.to),
  });
  const { from, to } = link;
  const name = formatDigest(copy.name);
  draft.happened.push({ type: 'sent', event: eventOf(copy.content), from, name, to });
}

/** What a node's actors had declared durable is kept; all else of them is gone, with their mail. */
function crash(draft: Draft, node: NodeId, planned: true | undefined): void {
  const { mechanics, world } = draft;
  for (const declared of mechanics.rules.actors.filter((candidate) => candidate.node === node)) {
    const actor = getIn(world.actors, declared.address);
    if (actor === undefined) continue;
    const kept = mechanics.stepper.durable(actor.local, declared.durable);
    world.durable = setIn(world.durable, declared.address, kept);
  }
  for (const key of keysOf(world.actors).toReversed()) {
    const at = address(key);
    if (mechanics.nodeOf(at) !== node) continue;
    removeActor(draft, at);
    draft.happened.push({ type: 'stopped', actor: at });
  }
  world.nodes = setIn(world.nodes, node, 'down');
  settleFault(draft, { type: 'crash', node, planned });
}

function restart(draft: Draft, node: NodeId, planned: true | undefined): void {
  const { mechanics, world } = draft;
  world.nodes = deleteIn(world.nodes, node);
  settleFault(draft, { type: 'restart', node, planned });
  for (const declared of mechanics.rules.actors.filter((candidate) => candidate.node === node)) {
    const durable = getIn(world.durable, declared.address);
    world.durable = deleteIn(world.durable, declared.address);
    startActor(draft, declared.address, { logic: declared.logic, input: declared.input, durable });
  }
}

function hold(draft: Draft, { type, node, planned }: NodeChoice): void {
  const { world } = draft;
  world.nodes = type === 'pause' ? setIn(world.nodes, node, 'paused') : deleteIn(world.nodes, node);
  settleFault(draft, { type, node, planned });
}

function split(draft: Draft, { type, partition, planned }: PartitionChoice): void {
  if (type === 'partition') draft.world.partition = partition;
  else delete draft.world.partition;
  settleFault(draft, { type, node: partition, planned });
}

interface Settled {
  readonly type: 'crash' | 'restart' | 'pause' | 'resume' | 'partition' | 'heal';
  readonly node: string;
  readonly planned: true | undefined;
}

/** A planned fault comes off the plan, any other off its budget; healing costs nothing. */
function settleFault(draft: Draft, { type, node, planned }: Settled): void {
  count(draft, `${type}:${node}`);
  if (planned) draft.world.plan = draft.world.plan.slice(1);
  else if (type !== 'resume' && type !== 'heal') spend(draft, type);
}

function spend(draft: Draft, budget: string): void {
  const left = draft.world.budgets[budget] ?? 0;
  invariant(left > 0, 'kernel/not-offered', `No "${budget}" is left in the budget.`);
  draft.world.budgets = Object.freeze({ ...draft.world.budgets, [budget]: left - 1 });
}

function count(draft: Draft, word: string): void {
  const { counts } = draft.ledger;
  draft.ledger.counts = Object.freeze({ ...counts, [word]: (counts[word] ?? 0) + 1 });
}

function findMessage(draft: Draft, choice: MessageChoice): { link: Link; envelope: Envelope } {
  const link = getIn(draft.world.links, linkKey(choice.from, choice.to));
  const [wanted] = splitName(choice.name.slice(choice.name.indexOf(':') + 1));
  const envelope = link?.queue.find(({ name }) => formatDigest(name) === wanted);
  if (link === undefined || envelope === undefined) {
    throw new SimulationError(
      'kernel/not-offered',
      `There is no message in flight for "${describeChoice(choice)}" (${choice.name}). ` +
        'Take a choice that `choices(world)` lists.',
    );
  }
  return { link, envelope };
}

function findTimer(draft: Draft, actor: Address, wanted: string): Timer | undefined {
  const groups = getIn(draft.world.timers, actor) ?? [];
  return groups
    .map((group) => group[0])
    .find((timer) => timer && formatDigest(timer.name) === wanted);
}

/** `name~windows.outcome` in its parts. */
function splitName(name: string): readonly [string, string | undefined] {
  const [before = '', outcome] = name.split('.');
  return [before.split('~')[0] ?? '', outcome];
}
