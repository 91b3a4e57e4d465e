/** Timers that fire before they are due, as by a clock that runs fast. */
import { address } from '../core/brand.ts';
import type { Address } from '../core/brand.ts';
import { entriesOf } from '../core/persistent-map.ts';
import { hasBudget } from './budgets.ts';
import type { TimerChoice } from './choice.ts';
import type { Mechanics } from './mechanics.ts';
import { earlyName, nameOfOutcome } from './names.ts';
import { isStill } from './offers.ts';
import type { Timer, World } from './world.ts';

/** All that a budget allows. In untimed mode no timer has to wait. */
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
