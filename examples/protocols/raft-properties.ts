/**
 * What Raft promises.
 *
 * @see Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014, figure 3.
 */
import { always, leadsTo, sometimes } from '../../src/index.ts';
import type { Monitor, Property, View } from '../../src/index.ts';
import type { Entry, RaftAnnouncement } from './raft-messages.ts';

interface RaftHistory {
  /** What was committed first in each place of the log, and in which term. */
  readonly committed: readonly (Entry & { readonly in: number })[];
  /** Whether another entry was committed in the same place. */
  readonly isContradicted: boolean;
  /** The leaders of each term, in the order of their names. */
  readonly leaders: Readonly<Record<`t${number}`, readonly string[]>>;
}

/** Remembers who has led, and what was committed, crash or not. */
export function raftHistory(): Monitor {
  return {
    name: 'raft-history',
    facts: ['emitted'],
    initial: { committed: [], isContradicted: false, leaders: {} } satisfies RaftHistory,
    step: (history: RaftHistory, fact) => {
      if (fact.type !== 'emitted') return history;
      // cast -- servers announce nothing else
      const event = fact.event as RaftAnnouncement;
      return event.type === 'leader.elected'
        ? withLeader(history, event.term, fact.actor)
        : withCommitted(history, event.entries, event.term);
    },
  };
}

/** What must hold of servers by these names, who stand for election so many times in all. */
export function raftProperties(names: readonly string[], termMax: number): readonly Property[] {
  const isPending = (view: View): boolean =>
    serversOf(view, names).some(
      ({ committed, isLeader, log, term }) =>
        isLeader && term === termMax && log.slice(committed).some((entry) => entry.term === term),
    );
  return [
    always('election safety', (view) =>
      Object.values(historyOf(view).leaders).every(({ length }) => length === 1),
    ),
    always('log matching', (view) => {
      const logs = serversOf(view, names).map(({ log }) => log);
      return logs.every((one, index) => logs.slice(index + 1).every((two) => isMatch(one, two)));
    }),
    always('leader completeness', (view) =>
      serversOf(view, names).every(
        ({ isLeader, log, term }) =>
          !isLeader ||
          historyOf(view).committed.every(
            (entry, index) => entry.in >= term || isSame(log[index], entry),
          ),
      ),
    ),
    always('state machine safety', (view) => !historyOf(view).isContradicted),
    // Nobody can stand against the leader of the last term.
    leadsTo('what the last leader takes is committed, unless it crashes', {
      from: isPending,
      to: (view) => !isPending(view),
    }),
    sometimes('a leader', (view) => serversOf(view, names).some(({ isLeader }) => isLeader)),
    sometimes('a commit', (view) => historyOf(view).committed.length > 0),
  ];
}

interface Server {
  readonly committed: number;
  readonly isLeader: boolean;
  readonly log: readonly Entry[];
  readonly term: number;
}

/** Those that are up. */
function serversOf(view: View, names: readonly string[]): readonly Server[] {
  return names.flatMap((name) => {
    const actor = view.actor(name);
    if (actor === undefined) return [];
    // cast -- the context of a server
    return [{ ...(actor.context as unknown as Server), isLeader: actor.value === 'leader' }];
  });
}

function historyOf(view: View): RaftHistory {
  // cast -- what that monitor keeps
  return view.monitor('raft-history') as RaftHistory;
}

function withLeader(history: RaftHistory, term: number, name: string): RaftHistory {
  const before = history.leaders[`t${term}`] ?? [];
  const leaders = [...new Set([...before, name])].toSorted();
  return { ...history, leaders: { ...history.leaders, [`t${term}`]: leaders } };
}

function withCommitted(history: RaftHistory, entries: readonly Entry[], term: number): RaftHistory {
  const { committed } = history;
  const isContradicted = entries.some(
    (entry, index) => index < committed.length && !isSame(committed[index], entry),
  );
  return {
    ...history,
    committed: [
      ...committed,
      ...entries.slice(committed.length).map((entry) => ({ ...entry, in: term })),
    ],
    isContradicted: history.isContradicted || isContradicted,
  };
}

/** Whether two logs are the same up to the last place in which their terms are. */
function isMatch(one: readonly Entry[], two: readonly Entry[]): boolean {
  const last = one.findLastIndex((entry, index) => entry.term === two[index]?.term);
  return one.slice(0, last + 1).every((entry, index) => isSame(entry, two[index]));
}

function isSame(one: Entry | undefined, two: Entry | undefined): boolean {
  return one?.by === two?.by && one?.term === two?.term;
}
