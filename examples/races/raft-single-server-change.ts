import { raftMembership } from '../systems/raft-membership.ts';
import type { Exhibit } from './exhibit.ts';

export const exhibit: Exhibit = {
  id: 'raft-single-server-change',
  title: 'two leaders remove one server each, and their majorities do not meet',
  of: 'Raft',
  component: 'consensus',
  isLive: false,
  when: 'fixed in July 2015',
  variant: 'a leader changes the members before it has committed an entry of its term',
  links: ['https://groups.google.com/g/raft-dev/c/t4xj6dJTP6E'],
  happens:
    'The leader of term 1 removes one of four servers, but its entry goes nowhere. The leader ' +
    'of term 2 removes the first leader and commits that with one other server. The first ' +
    'leader stands again: by its own configuration one more vote is a majority, and it leads ' +
    'without what was committed.',
  fix: 'A leader changes nothing before it has committed an entry of its own term.',
  property: 'who leads has what was committed',
  system: (isOn) => raftMembership(isOn ? { bug: 'changes-at-once' } : {}),
  meanings: {
    'patience.lost': '{at} stands for election',
    'member.removed': '{at} removes a member',
    'raft.vote-request': '{from} asks {to} for its vote',
    'raft.vote': '{from} votes for {to}',
    'raft.append': '{from} sends {to} its log',
    'raft.repeated': '{from} tells {to} that it has its log',
  },
};
