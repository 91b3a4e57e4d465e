/** The timers of one actor as numbers: set, cancelled, fired, and grown older. */
import { timerText } from '../../../kernel/timers.ts';
import type { TimerValue } from '../mail/parcel.ts';
import type { TimerGroups } from './cell.ts';

/** What a step does to the timers of its actor. */
export type TimerEdit =
  | { readonly type: 'set'; readonly timer: number }
  | { readonly type: 'cancel'; readonly id: string };

/** How timers are looked up, and whether those of one step keep the order of their delays. */
export interface TimerRules {
  readonly isGrouped: boolean;
  readonly table: readonly TimerValue[];
}

/** The groups after a step. */
export function editTimers(
  groups: TimerGroups,
  edits: readonly TimerEdit[],
  rules: TimerRules,
): TimerGroups {
  let old = groups;
  // What this very step has set.
  let fresh: TimerGroups = [];
  for (const edit of edits) {
    if (edit.type === 'set') {
      fresh = setTimer(fresh, edit.timer, rules);
      continue;
    }
    const all = [...old, ...fresh];
    const victim = lastNamed(all, edit.id, rules.table);
    if (victim === undefined) continue;
    const index = all.indexOf(victim.group);
    if (index < old.length) old = withoutTimer(old, index, victim.place);
    else fresh = withoutTimer(fresh, index - old.length, victim.place);
  }
  return [...old, ...fresh];
}

/** The groups without one timer; a group without timers is none. */
export function withoutTimer(groups: TimerGroups, index: number, place: number): TimerGroups {
  const group = groups[index]?.toSpliced(place, 1) ?? [];
  return groups.toSpliced(index, 1, ...(group.length === 0 ? [] : [group]));
}

/** In a moment without order of its own: equal timers are one list. */
export function sortedGroups(groups: TimerGroups): TimerGroups {
  if (groups.length < 2) return groups;
  return groups.toSorted((first, second) => compare(first.join(), second.join()));
}

function setTimer(
  fresh: TimerGroups,
  timer: number,
  { isGrouped, table }: TimerRules,
): TimerGroups {
  const [group] = fresh;
  if (!isGrouped || group === undefined) return [...fresh, [timer]];
  const delayOf = (number: number): number => table[number]?.windows[0] ?? 0;
  return [[...group, timer].toSorted((first, second) => delayOf(first) - delayOf(second))];
}

interface Named {
  readonly group: readonly number[];
  readonly place: number;
}

/** Of several timers under one id that which is due last, as in the kernel. */
function lastNamed(
  groups: TimerGroups,
  id: string,
  table: readonly TimerValue[],
): Named | undefined {
  const named = groups.flatMap((group) =>
    group.flatMap((number, place) => (table[number]?.id === id ? [{ group, number, place }] : [])),
  );
  if (named.length < 2) return named[0];
  const textOf = (number: number): string => {
    const timer = table[number];
    return timer === undefined ? '' : timerText(timer);
  };
  return named.toSorted(
    (first, second) =>
      deadlineOf(table[second.number]) - deadlineOf(table[first.number]) ||
      compare(textOf(first.number), textOf(second.number)) ||
      compare(first.group.map(textOf).join(), second.group.map(textOf).join()),
  )[0];
}

function deadlineOf(timer: TimerValue | undefined): number {
  return timer?.windows.at(-1) ?? 0;
}

function compare(first: string, second: string): number {
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
