/** What `span` of virtual time does to what is waiting: all durations left grow shorter. */
import { us } from '../core/duration.ts';
import { frozen } from '../core/frozen.ts';
import { mapIn } from '../core/persistent-map.ts';
import type { Draft } from './draft.ts';
import { linkOf } from './links.ts';
import type { Envelope, Link, TimerGroup, World } from './world.ts';

/** The parts of a world in which durations are written. */
export type Waiting = Pick<World, 'links' | 'plan' | 'timers'>;

/** Lets virtual time go by. */
export function pass(draft: Draft, span: number): void {
  if (span === 0) return;
  draft.ledger.clock += span;
  Object.assign(draft.world, elapse(draft.world, span));
}

/** What is waiting, `span` microseconds later. */
function elapse({ links, plan, timers }: Waiting, span: number): Waiting {
  return {
    links: mapIn(links, (link) => elapseLink(link, span)),
    plan: elapsePlan(plan, span),
    timers: mapIn(timers, (groups) => frozen(groups.map((group) => elapseGroup(group, span)))),
  };
}

function elapseLink(link: Link, span: number): Link {
  if (link.queue.every(isTimeless)) return link;
  const queue = link.queue.map((envelope) =>
    isTimeless(envelope)
      ? envelope
      : frozen({ ...envelope, windows: windowsAfter(envelope.windows, span) }),
  );
  return linkOf(link, queue);
}

function elapseGroup(group: TimerGroup, span: number): TimerGroup {
  return frozen(
    group.map((timer) => frozen({ ...timer, windows: windowsAfter(timer.windows, span) })),
  );
}

/** Only the first fault of a plan is on its way: the others count from the one before them. */
function elapsePlan(plan: World['plan'], span: number): World['plan'] {
  const [first, ...rest] = plan;
  if (first === undefined) return plan;
  const after = us(Math.max(0, first.after - span));
  return frozen([frozen({ ...first, after }), ...rest]);
}

/**
 * Moments of arrival `span` microseconds later. Those that have passed are gone; what has passed its last
 * one, behind another in a FIFO, is due.
 */
export function windowsAfter(windows: readonly number[], span: number): readonly number[] {
  const left = windows.map((window) => window - span).filter((window) => window >= 0);
  return left.length === 0 ? due : frozen(left);
}

const due: readonly number[] = frozen([0]);

function isTimeless(item: Envelope): boolean {
  return item.windows.length === 0;
}
