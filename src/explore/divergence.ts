/**
 * A run made twice must come out alike. Where it does not, a machine reads something that is not its
 * state: a clock, a random number, a module variable. This finds the first event that tells.
 */
import { digest, isSameDigest } from '../core/digest.ts';
import { unreachable } from '../core/errors.ts';
import { describeChoice } from '../kernel/choice.ts';
import type { Choice } from '../kernel/choice.ts';
import type { Run } from '../kernel/run.ts';
import type { Happening, Step } from '../kernel/step.ts';
import { defineSystem } from '../runtime/system.ts';
import type { System } from '../runtime/system.ts';

/** Where two runs of one tape part. */
export interface Divergence {
  /** Whose event it is; absent where it is nobody's, as of a fault of the network. */
  readonly actor?: string;
  /** The step of the run, counted from 0, the start. */
  readonly step: number;
  /** The event, and what came of it this time and that time, in a sentence or two. */
  readonly why: string;
}

/**
 * Makes a run again, choice by choice, with nothing remembered, and says where it first comes out
 * otherwise; `undefined` where it never does.
 */
export function divergenceOf(system: System, run: Pick<Run, 'steps'>): Divergence | undefined {
  const anew = defineSystem({ ...system.definition, rememberedMax: 0 });
  let { step, world } = anew.start();
  for (const recorded of run.steps) {
    if (recorded.choice !== undefined) {
      const { name } = recorded.choice;
      const choice = anew.choices(world).find((offered) => offered.name === name);
      if (choice === undefined) return notOffered(recorded, recorded.choice);
      ({ step, world } = anew.apply(world, choice));
    }
    const place = firstDifference(recorded.happened, step.happened);
    if (place >= 0) return differs(recorded, step, place);
  }
  return undefined;
}

/** The place of the first thing that did not happen alike; -1 where all did. */
function firstDifference(one: readonly Happening[], other: readonly Happening[]): number {
  const length = Math.max(one.length, other.length);
  for (let place = 0; place < length; place += 1) {
    if (!isSame(one[place], other[place])) return place;
  }
  return -1;
}

function isSame(one: Happening | undefined, other: Happening | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  if (one.type !== 'failed' || other.type !== 'failed') {
    return isSameDigest(digest(one), digest(other));
  }
  return one.actor === other.actor && String(one.error) === String(other.error);
}

function differs({ choice, happened, index }: Step, again: Step, place: number): Divergence {
  const [before, after] = [happened[place], again.happened[place]];
  const actor = actorOf(before) ?? actorOf(after);
  const event = choice === undefined ? 'the start' : `"${describeChoice(choice)}"`;
  return {
    ...(actor === undefined ? {} : { actor }),
    why:
      `Two runs of one tape differ at step ${index}, ${event}: once ${words(before)}, once ${words(after)}. ` +
      `${actor === undefined ? 'A rule of the network' : `The machine of "${actor}"`} does not only ` +
      'depend on what it is given: look for a clock, a random number or a module variable.',
    step: index,
  };
}

function notOffered({ index }: Step, choice: Choice): Divergence {
  return {
    why:
      `Two runs of one tape differ at step ${index}: "${describeChoice(choice)}" was taken once and is ` +
      'not offered the second time. A rule of the network or a guard of an input does not only depend ' +
      'on what it is given: look for a clock, a random number or a module variable.',
    step: index,
  };
}

function actorOf(happening: Happening | undefined): string | undefined {
  if (happening === undefined) return undefined;
  return 'actor' in happening ? happening.actor : happening.from;
}

const textLength = 120;

function words(happening: Happening | undefined): string {
  if (happening === undefined) return 'nothing more happened';
  switch (happening.type) {
    case 'moved': {
      const { context, value } = happening.after;
      return `it came to ${brief({ context, value })}`;
    }
    case 'sent':
      return `it sent ${brief(happening.event)} to "${happening.to}"`;
    case 'emitted':
      return `it announced ${brief(happening.event)}`;
    case 'failed':
      return `it failed with ${String(happening.error).slice(0, textLength)}`;
    case 'acted':
    case 'cancelled':
    case 'logged':
    case 'lost':
    case 'received':
    case 'scheduled':
    case 'started':
    case 'stopped':
      return `it had ${brief(happening)}`;
    default:
      return unreachable(happening);
  }
}

function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > textLength ? `${text.slice(0, textLength - 1)}…` : text;
}
