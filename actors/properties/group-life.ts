/** What must hold where processes start, meet and stop. */
import type { Call } from '../../machines/rpc/agent/call.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import {
  always,
  atQuiescence,
  entriesOf,
  getIn,
  isSame,
  keysOf,
  sizeOf,
  unreachable,
  valuesOf,
} from '../../src/index.ts';
import type { View } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';
import { everyWorker, workersIn } from './workers.ts';

/** P6, P7, P13 and S24. */
export const groupLife: readonly Invariant[] = [
  {
    name: 'P6',
    about:
      'nobody goes on from a gather before all of its members came to it, and all go on with the same; ' +
      'where a worker crashed nothing is said',
    of: ({ addresses }) => {
      const goOnTogether = everyWorker(
        addresses,
        (worker, view) =>
          sizeOf(worker.group.gathers) === 0 || goesOnWithAll(worker, view, addresses),
      );
      return always('P6', (view) => {
        const { crashed, torn } = happenedIn(view);
        return (torn === undefined || crashed.length > 0) && goOnTogether(view);
      });
    },
  },
  {
    name: 'P7',
    about:
      'a process whose agent has stopped serves nothing and has no call or work left, one that is closing sends ' +
      'nothing; after an orderly end without a crash no call to or from who left is open, no reference left',
    of: ({ addresses }) =>
      always(
        'P7',
        everyWorker(
          addresses,
          (worker, view) =>
            isClosed(worker) && leftNothing(worker, view, addresses) && !forgotCopies(worker, view),
        ),
      ),
  },
  {
    name: 'P13',
    about:
      'a process serves no request before its agent runs, distributed autograd is ready and it knows the ' +
      'device maps of its peers',
    of: ({ addresses }) =>
      always(
        'P13',
        everyWorker(
          addresses,
          ({ devices, group, threads }) =>
            (group.phase !== 'new' &&
              group.isAutogradReady &&
              devices?.knowsReverseMaps !== false) ||
            valuesOf(threads).every(({ request }) => request === undefined),
        ),
      ),
  },
  {
    name: 'S24',
    about:
      'at rest, all processes of one group whose agents run know the same workers by the same names; where a ' +
      'worker crashed or a message was lost nothing is said',
    of: ({ addresses }) =>
      atQuiescence('S24', (view) => {
        const { crashed, isLossy } = happenedIn(view);
        if (crashed.length > 0 || isLossy) return true;
        const members = workersIn(view, addresses).filter(({ group }) => group.phase === 'running');
        return members.every((one) =>
          members.every((other) => one.group.prefix !== other.group.prefix || knowSame(one, other)),
        );
      }),
  },
];

function knowSame(one: WorkerContext, other: WorkerContext): boolean {
  return isSame(namesAndIds(one), namesAndIds(other));
}

function namesAndIds({ directory }: WorkerContext): unknown {
  return [...entriesOf(directory.byName)].map(([name, { id }]) => [name, id]);
}

/** All that are named in what was gathered have begun the gather, and who has what was gathered has the same. */
function goesOnWithAll(
  { group }: WorkerContext,
  view: View,
  addresses: readonly string[],
): boolean {
  if (happenedIn(view).crashed.length > 0) return true;
  const members = workersIn(view, addresses);
  return [...entriesOf(group.gathers)].every(
    ([id, { isProceeding, objects }]) =>
      !isProceeding ||
      members
        .filter((member) => Object.hasOwn(objects, nameIn(member)))
        .every((member) => {
          const theirs = getIn(member.group.gathers, id);
          const isSameForThem = theirs?.isProceeding !== true || isSame(theirs.objects, objects);
          return hasBegun(member, id) && isSameForThem;
        }),
  );
}

/** The name of a process among workers. */
function nameIn({ directory, id, name }: WorkerContext): string {
  return valuesOf(directory.byName).find((peer) => peer.id === id)?.name ?? name;
}

/** The ids of gathers are those of their members with the number of gathers among them behind. */
function hasBegun({ group: { sequences } }: WorkerContext, id: string): boolean {
  return keysOf(sequences).some((key) => {
    const number = id.startsWith(key) ? Number(id.slice(key.length)) : Number.NaN;
    return number < (getIn(sequences, key) ?? 0);
  });
}

/** Whether a call was still under way where all were to be over. */
function leftNothing(
  { agent, group, id }: WorkerContext,
  view: View,
  addresses: readonly string[],
): boolean {
  const isGone = group.phase === 'closing' || group.phase === 'stopped';
  if (!isGone || group.hasLeftTogether !== true) return true;
  if (happenedIn(view).crashed.length > 0) return true;
  return (
    valuesOf(agent.calls).every(({ isOver }) => isOver) &&
    workersIn(view, addresses).every(({ agent: { calls }, group: { phase } }) =>
      valuesOf(calls).every((call) => call.to !== id || phase !== 'running' || !isUnderWay(call)),
    )
  );
}

function forgotCopies({ rrefs }: WorkerContext, view: View): boolean {
  return rrefs.hasLeaked === true && happenedIn(view).crashed.length === 0;
}

function isUnderWay({ isOver, result }: Call): boolean {
  return !isOver && result === undefined;
}

function isClosed({ agent, group, pool, threads }: WorkerContext): boolean {
  const isOpen = valuesOf(agent.calls).some(isUnderWay);
  switch (group.phase) {
    case 'closing':
      return !isOpen;
    case 'stopped':
      return (
        !isOpen &&
        pool.running + pool.queue.length === 0 &&
        valuesOf(threads).every(({ request }) => request === undefined)
      );
    case 'new':
    case 'running':
      return true;
    default:
      return unreachable(group.phase);
  }
}
