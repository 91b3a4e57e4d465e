/** One choice applied to a world. */
import type { Address } from '../core/brand.ts';
import { unreachable } from '../core/errors.ts';
import { getIn } from '../core/persistent-map.ts';
import { stepActor } from './apply-effects.ts';
import { applyFault } from './apply-fault.ts';
import { deliver, drop, duplicate } from './apply-message.ts';
import { inputBudget } from './budgets.ts';
import { notOffered } from './choice.ts';
import type { Choice, InputChoice, TimerChoice } from './choice.ts';
import { openDraft, post, sealDraft } from './draft.ts';
import type { Draft } from './draft.ts';
import { earlyTimers } from './early-timers.ts';
import type { EventObject } from './effect.ts';
import { pass } from './elapse.ts';
import { inputChoices, inputWord } from './inputs.ts';
import type { Mechanics } from './mechanics.ts';
import { afterHappenings } from './monitor.ts';
import { causeOf, earlyName, nameAtWindow, nameOfOutcome } from './names.ts';
import { isStill, timesOf } from './offers.ts';
import type { Step } from './step.ts';
import { count, spend } from './tally.ts';
import { removeTimer } from './timers.ts';
import type { Timer, World } from './world.ts';

/** What `apply` gives: the next world, and what happened on the way. */
export interface Applied {
  readonly step: Step;
  readonly world: World;
}

/**
 * The world after `choice`. That nothing else was due before it is for the caller to know.
 *
 * @throws {SimulationError} `kernel/not-offered` if the world does not offer it.
 */
export function applyChoice(mechanics: Mechanics, world: World, choice: Choice): Applied {
  const draft = openDraft(mechanics, world, causeOf(choice));
  carryOut(draft, choice);
  const { ledger, happened } = draft;
  const { monitors } = draft.world;
  draft.world.monitors = afterHappenings(mechanics.rules.monitors, monitors, happened);
  const step = { at: ledger.clock, choice, happened, index: ledger.steps };
  return { step, world: sealDraft(draft) };
}

function carryOut(draft: Draft, choice: Choice): void {
  switch (choice.type) {
    case 'deliver':
      return deliver(draft, choice);
    case 'fire':
      return fire(draft, choice);
    case 'early':
      return fireEarly(draft, choice);
    case 'input':
      return give(draft, choice);
    case 'drop':
      return drop(draft, choice);
    case 'duplicate':
      return duplicate(draft, choice);
    case 'crash':
    case 'restart':
    case 'pause':
    case 'resume':
    case 'partition':
    case 'heal':
      return applyFault(draft, choice);
    default:
      return unreachable(choice);
  }
}

function fire(draft: Draft, choice: TimerChoice): void {
  const { actor, after, name } = choice;
  const { mechanics, world } = draft;
  for (const group of isStill(mechanics, world, actor) ? [] : (getIn(world.timers, actor) ?? [])) {
    const timer = group[0];
    if (timer === undefined || !name.startsWith(timer.name)) continue;
    const { windows } = timesOf(mechanics, timer.windows, false);
    const named = nameAtWindow(timer.name, windows.length - windows.indexOf(after) - 1);
    const event = timer.events.find(
      (_, outcome) => nameOfOutcome(named, { outcome, outcomes: timer.events.length }) === name,
    );
    if (event === undefined || !windows.includes(after)) continue;
    pass(draft, after);
    goOff(draft, timer, { actor, event });
    return;
  }
  throw notOffered(choice);
}

/** The timer fires although it is not due. */
function fireEarly(draft: Draft, choice: TimerChoice): void {
  const { actor, event, name } = choice;
  const isThere = earlyTimers(draft.mechanics, draft.world).some((other) => other.name === name);
  const groups = getIn(draft.world.timers, actor) ?? [];
  const timer = groups.flat().find((one) => name.startsWith(earlyName(one.name)));
  if (!isThere || timer === undefined) throw notOffered(choice);
  spend(draft, 'early');
  goOff(draft, timer, { actor, event });
}

interface Firing {
  readonly actor: Address;
  readonly event: EventObject;
}

function goOff(draft: Draft, { seq, to }: Timer, { actor, event }: Firing): void {
  draft.world.timers = removeTimer(draft.world.timers, actor, seq);
  if (to === actor) stepActor(draft, actor, event);
  else post(draft, { event, from: actor, to });
}

function give(draft: Draft, choice: InputChoice): void {
  const { mechanics, world } = draft;
  const declared = mechanics.rules.actors.find(({ address }) => address === choice.actor);
  const offered =
    declared && inputChoices(mechanics, world, declared).find(({ name }) => name === choice.name);
  const index = declared?.inputs.findIndex(({ event }) => event === offered?.event) ?? -1;
  const input = declared?.inputs[index];
  if (declared === undefined || input === undefined) throw notOffered(choice);
  if (input.budget !== undefined) spend(draft, inputBudget(declared, index));
  count(draft, inputWord(declared, input));
  stepActor(draft, choice.actor, input.event);
}
