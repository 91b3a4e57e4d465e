/**
 * Raft when its members change, one server at a time: a server follows the last configuration that is in its
 * log, committed or not. Two majorities of configurations that differ by one server overlap, but two leaders of
 * different terms may begin different changes from one configuration, and those differ by two.
 *
 * @see Ongaro, "bug in single-server membership changes", raft-dev, July 2015,
 * https://groups.google.com/g/raft-dev/c/t4xj6dJTP6E, with the remedy that is here: a leader changes
 * nothing before it has committed an entry of its own term. The case of two removals among four servers is
 * the smallest. Entries other than configurations, and what a leader would send again, are left out.
 */
import { assign } from 'xstate';

import { always, sometimes } from '../../src/index.ts';
import type { Input, Monitor, Property, SystemDefinition, View } from '../../src/index.ts';
import { all, isSame, serverMachine } from './raft-membership-server.ts';
import type { CommittedEvent, Entry, ServerContext } from './raft-membership-server.ts';

/** What is wrong with it. */
export interface RaftMembershipOptions {
  readonly bug?: RaftMembershipBug;
}

/** Mistakes that can be planted, and what each is. */
export const raftMembershipBugs = {
  'changes-at-once': 'a leader changes the members before it has committed an entry of its term',
} as const;

/** A mistake to plant. */
export type RaftMembershipBug = keyof typeof raftMembershipBugs;

const inputsOf: Readonly<Record<string, readonly Input[]>> = {
  s1: [
    { budget: 1, event: { type: 'patience.lost' } },
    { budget: 1, event: { type: 'member.removed', member: 's2' } },
  ],
  s2: [
    { budget: 1, event: { type: 'patience.lost' } },
    { budget: 1, event: { type: 'member.removed', member: 's1' } },
  ],
};

/**
 * The servers `s1` to `s4`. The first leads in term 1 and may stand once more; it wants to remove the second, which may
 * stand once and wants to remove the first.
 */
export function raftMembership({ bug }: RaftMembershipOptions = {}): SystemDefinition {
  const machine =
    bug === undefined
      ? serverMachine
      : serverMachine.provide({
          actions: { beginOffice: assign(({ context: { name } }) => ({ repeated: [name] })) },
          guards: { mayChange: () => true },
        });
  return {
    name: 'raft-membership',
    actors: all.map((name) => ({
      address: name,
      input: { name },
      inputs: inputsOf[name] ?? [],
      machine,
    })),
    monitors: [committedMonitor],
    properties: raftMembershipProperties(),
    time: 'untimed',
  };
}

/** What was committed in one place stays, and whoever leads later has it. */
function raftMembershipProperties(): readonly Property[] {
  return [
    always('who leads has what was committed', (view) =>
      all.every((name) => {
        const server = view.actor(name);
        if (server?.value !== 'leader') return true;
        // cast -- the context of a server
        const { log, term } = server.context as unknown as ServerContext;
        return historyOf(view).committed.every(
          (entry, index) => entry.in >= term || isSame(entry, log[index]),
        );
      }),
    ),
    always('what is committed stays', (view) => !historyOf(view).isContradicted),
    sometimes('a change is committed', (view) =>
      historyOf(view).committed.some(({ members }) => members.length < all.length),
    ),
  ];
}

interface Committed {
  /** What was committed in each place, and in which term. */
  readonly committed: readonly (Entry & { readonly in: number })[];
  readonly isContradicted: boolean;
}

/** What was committed, by whomever. */
const committedMonitor: Monitor = {
  facts: ['emitted'],
  initial: { committed: [], isContradicted: false } satisfies Committed,
  name: 'raft-committed',
  step: (history: Committed, fact) => {
    if (fact.type !== 'emitted') return history;
    // cast -- servers announce nothing else
    const { entries, term } = fact.event as unknown as CommittedEvent;
    const { committed } = history;
    const isOther = entries.some(
      (entry, index) => index < committed.length && !isSame(entry, committed[index]),
    );
    const added = entries.slice(committed.length).map((entry) => ({ ...entry, in: term }));
    return {
      committed: [...committed, ...added],
      isContradicted: history.isContradicted || isOther,
    };
  },
};

function historyOf(view: View): Committed {
  // cast -- the state of that monitor
  return view.monitor('raft-committed') as Committed;
}
