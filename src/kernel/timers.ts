/** Setting and cancelling timers. Due moments are durations from now; groups keep what must stay in order. */
import type { Address } from '../core/brand.ts';
import { digest, formatDigest } from '../core/digest.ts';
import { frozen } from '../core/frozen.ts';
import { deleteIn, getIn, setIn } from '../core/persistent-map.ts';
import { nextName, nextSeq } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Effect } from './effect.ts';
import type { Timer, TimerGroup, World } from './world.ts';

/** A timer as a step sets it, its target made absolute. */
export type TimerRequest = Omit<Extract<Effect, { type: 'schedule' }>, 'to'> & {
  readonly to: Address;
};

/** Sets a timer of `at`. */
export function setTimer(draft: Draft, at: Address, request: TimerRequest): void {
  const { mechanics, world } = draft;
  const id = request.id ?? '';
  const name = nextName(draft, at, `timer:${id}`);
  const parts = {
    events: frozen(request.events.map((event) => mechanics.stepper.outward(event, at))),
    name,
    seq: nextSeq(draft),
    to: request.to,
    windows: frozen([...new Set(request.windows)].toSorted((a, b) => a - b)),
  };
  // Where it is audited it is frozen before it is spread too: one hidden class for all timers; see `linkOf`.
  const timer: Timer = frozen(
    request.id === undefined ? parts : { ...frozen(parts), id: request.id },
  );
  const groups = getIn(world.timers, at) ?? [];
  world.timers = setIn(world.timers, at, frozen(addToGroups(draft, groups, timer)));
  for (const event of timer.events) {
    draft.happened.push({
      type: 'scheduled',
      actor: at,
      event,
      ...(request.id === undefined ? {} : { id: request.id }),
      name,
      windows: timer.windows,
    });
  }
}

/**
 * Cancels the timer of `at` under `id`; none is no error. Of several, that which is due last goes: XState
 * takes the one that was set last, which a world does not know and which nearly always is the same.
 */
export function cancelTimer(draft: Draft, at: Address, id: string): void {
  const named = (getIn(draft.world.timers, at) ?? []).flatMap((group) =>
    group.filter((timer) => timer.id === id).map((timer) => ({ group, timer })),
  );
  const last = named.length > 1 ? named.toSorted(byDeadline)[0] : named[0];
  if (last === undefined) return;
  draft.world.timers = removeTimer(draft.world.timers, at, last.timer.seq);
  draft.happened.push({ type: 'cancelled', actor: at, id });
}

/** A timer and those whose order holds. */
interface Named {
  readonly group: TimerGroup;
  readonly timer: Timer;
}

/** The latest first. Groups are in no order, so contents decide between two of one deadline. */
function byDeadline(first: Named, second: Named): number {
  return (
    deadlineOf(second.timer) - deadlineOf(first.timer) ||
    compareText(timerText(first.timer), timerText(second.timer)) ||
    compareText(groupText(first.group), groupText(second.group))
  );
}

function groupText(group: TimerGroup): string {
  return group.map(timerText).join();
}

/** What a timer is, as text: what is equal has one text, and texts have an order. */
export function timerText({ events, id = '', to, windows }: TimerContent): string {
  return [...events.map((event) => formatDigest(digest(event))), id, to, ...windows].join();
}

/** What of a timer is hashed. */
export type TimerContent = Pick<Timer, 'events' | 'id' | 'to' | 'windows'>;

function compareText(first: string, second: string): number {
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

function deadlineOf({ windows }: Timer): number {
  return windows.at(-1) ?? 0;
}

/** The timers without the one of that place in the order of setting. */
export function removeTimer(timers: World['timers'], at: Address, seq: number): World['timers'] {
  const groups = (getIn(timers, at) ?? [])
    .map((group) => frozen(group.filter((timer) => timer.seq !== seq)))
    .filter((group) => group.length > 0);
  return groups.length === 0 ? deleteIn(timers, at) : setIn(timers, at, frozen(groups));
}

/** In untimed mode the timers of one step stay in the order of their delays. */
function addToGroups(
  draft: Draft,
  groups: readonly TimerGroup[],
  timer: Timer,
): readonly TimerGroup[] {
  if (draft.mechanics.rules.time === 'timed') return [...groups, frozen([timer])];
  const index = groups.findIndex((group) => group.some(({ seq }) => seq >= draft.origin.firstSeq));
  const group = groups[index];
  if (group === undefined) return [...groups, frozen([timer])];
  return groups.with(index, frozen([...group, timer].toSorted(byDelay)));
}

function byDelay(first: Timer, second: Timer): number {
  return (first.windows[0] ?? 0) - (second.windows[0] ?? 0) || first.seq - second.seq;
}
