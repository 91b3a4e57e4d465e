/** The states of monitors as numbers. */
import { canonical } from '../../../core/canonical.ts';
import { digest, formatDigest } from '../../../core/digest.ts';
import { afterFact } from '../../../kernel/monitor.ts';
import type { Fact, MonitorStates } from '../../../kernel/monitor.ts';
import { monitorSlot } from '../space.ts';
import type { Space } from '../space.ts';
import type { Call } from './cell.ts';

/** The call that tells the monitors a fact, if any of them wants to know. */
export function factCall(space: Space, fact: Fact): readonly Call[] {
  const { monitors } = space.mechanics.rules;
  if (!monitors.some(({ facts }) => facts.includes(fact.type))) return [];
  const key = formatDigest(digest(canonical(fact)));
  return [{ op: space.facts.intern(key, () => fact), slot: monitorSlot }];
}

/** The number of the monitors' states. */
export function internStates(space: Space, states: MonitorStates): number {
  return space.monitorStates.intern(formatDigest(digest(states)), () => states);
}

/** The monitors' states after a fact, by number. */
export function afterFactNumber(space: Space, states: number, fact: number): number {
  const before = space.monitorStates.all[states] ?? [];
  const told = space.facts.all[fact];
  if (told === undefined) return states;
  return internStates(space, afterFact(space.mechanics.rules.monitors, before, told));
}
