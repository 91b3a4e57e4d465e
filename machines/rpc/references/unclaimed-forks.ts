/**
 * Copies of references whose message was not read. PyTorch registers a copy when it is pickled and has no undo;
 * without the switch each way that a message can fail ends with somebody who gives its copies back.
 *
 * @see PyTorch, `rref_context.cpp`, `prepareChildFork`, Note [Early Fork Registration].
 */
import { deleteIn, entriesOf, setIn } from '../../../src/core/persistent-map.ts';
import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import type { ForkId } from '../../rref/ids.ts';
import type { ForkData } from '../../rref/pickling.ts';
import type { Done, RRefTables } from '../../rref/tables.ts';
import { declineFork, givesForksBack, takeBackFork } from '../../rref/unclaimed.ts';
import type { WorkerContext } from '../context.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { applyRRefs } from './rref-effects.ts';

/** A copy that was sent with an answer, and the request that was answered. */
export interface AnsweredFork {
  readonly fork: ForkData;
  readonly request: string;
}

/** The copies that went away with answers, by fork, until it is known that somebody has them. */
export type AnsweredForks = PersistentMap<AnsweredFork>;

/** This worker pickled the copies, and their message was never sent. */
export function takeBackForks(context: WorkerContext, forks: readonly ForkData[]): Step {
  return giveBack(context, forks, takeBackFork);
}

/** The copies came here, but what they stood in cannot be read, or came too late. */
export function declineForks(context: WorkerContext, forks: readonly ForkData[]): Step {
  return giveBack(context, forks, declineFork);
}

/** The copies leave with the answer to a request. */
export function noteAnsweredForks(
  context: WorkerContext,
  { forks, request }: { readonly forks: readonly ForkData[]; readonly request: string },
): WorkerContext {
  if (!givesForksBack(context)) return context;
  const answeredForks = forks.reduce(
    (all, fork) => setIn(all, fork.forkId, { fork, request }),
    context.answeredForks,
  );
  return { ...context, answeredForks };
}

/** Somebody has, or had, the copy. */
export function claimFork(context: WorkerContext, forkId: ForkId): WorkerContext {
  return { ...context, answeredForks: deleteIn(context.answeredForks, forkId) };
}

/** Whoever made the request will not read its answer: the copies in that are taken back. */
export function takeBackAnswer(context: WorkerContext, request: string): Step {
  const unread = [...entriesOf(context.answeredForks)].flatMap(([, each]) =>
    each.request === request ? [each.fork] : [],
  );
  const forgotten = unread.reduce((now, { forkId }) => claimFork(now, forkId), context);
  return takeBackForks(forgotten, unread);
}

function giveBack(
  context: WorkerContext,
  forks: readonly ForkData[],
  each: (tables: RRefTables, fork: ForkData) => Done,
): Step {
  if (!givesForksBack(context)) return stepOf(context);
  return forks.reduce<Step>(
    (step, fork) => andThen(step, (now) => applyRRefs(now, each(now.rrefs, fork))),
    stepOf(context),
  );
}
