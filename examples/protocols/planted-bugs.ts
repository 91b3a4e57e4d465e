/**
 * All mistakes that can be planted in the protocols of this folder, each in a small system in which it
 * shows: what tests, benchmarks and documents that speak of finding bugs take theirs from.
 */
import type { SystemDefinition } from '../../src/index.ts';
import { diningPhilosophers, diningPhilosophersBugs } from './dining-philosophers.ts';
import { lamportMutex, lamportMutexBugs } from './lamport-mutex.ts';
import { lastWriterWins, lastWriterWinsBugs } from './last-writer-wins.ts';
import { linearizableRegister, linearizableRegisterBugs } from './linearizable-register.ts';
import { paxos, paxosBugs } from './paxos.ts';
import { figure8, raft, raftBugs } from './raft.ts';
import type { RaftBug } from './raft.ts';
import { referenceListing, referenceListingBugs } from './reference-listing.ts';
import { ricartAgrawala, ricartAgrawalaBugs } from './ricart-agrawala.ts';
import { ringElection, ringElectionBugs } from './ring-election.ts';
import { singleCopyRegister, singleCopyRegisterBugs } from './single-copy-register.ts';
import { terminationDetection, terminationDetectionBugs } from './termination-detection.ts';
import { twoPhaseCommit, twoPhaseCommitBugs } from './two-phase-commit.ts';

/** A mistake, planted. */
export interface PlantedBug {
  readonly protocol: string;
  readonly bug: string;
  /** What is wrong, in a few words. */
  readonly mistake: string;
  /** The property that exhaustive search finds broken. */
  readonly breaks: string;
  /** The system that has it, with its properties. */
  readonly definition: SystemDefinition;
}

/** All of them, by protocol. */
export const plantedBugs: readonly PlantedBug[] = [
  ...planted(twoPhaseCommitBugs, (bug) => twoPhaseCommit({ bug, rms: 3 }), {
    'commits-without-all-votes': 'consistent',
    'aborts-after-preparing': 'consistent',
  }),
  ...planted(paxosBugs, (bug) => paxos({ bug, clients: 2 }), {
    'forgets-promises': 'linearizable',
    'ignores-what-was-accepted': 'linearizable',
  }),
  ...planted(singleCopyRegisterBugs, (bug) => singleCopyRegister({ bug, clients: 2 }), {
    'forgets-writes': 'linearizable',
    'two-copies': 'linearizable',
  }),
  ...planted(
    linearizableRegisterBugs,
    (bug) => linearizableRegister({ bug, clients: 2, links: 'fifo', servers: 3 }),
    { 'asks-no-majority': 'linearizable', 'records-old-values': 'linearizable' },
  ),
  ...planted(diningPhilosophersBugs, (bug) => diningPhilosophers({ bug, philosophers: 5 }), {
    'eats-with-one-fork': 'neighbours do not eat at once',
    'takes-what-is-clean': 'neighbours do not eat at once',
  }),
  ...planted(lamportMutexBugs, (bug) => lamportMutex({ bug, clockMax: 4, processes: 2 }), {
    'ignores-earlier-requests': 'mutual exclusion',
    'does-not-wait-for-answers': 'mutual exclusion',
  }),
  ...planted(ricartAgrawalaBugs, (bug) => ricartAgrawala({ bug, entries: 1, processes: 3 }), {
    'yields-at-equal-times': 'mutual exclusion',
    'forgets-the-deferred': 'p1 enters when it waits',
  }),
  ...planted(lastWriterWinsBugs, (bug) => lastWriterWins({ bug, replicas: 3, writes: 1 }), {
    'ignores-names': 'replicas agree',
    'clock-stands-still': 'no replica goes back',
  }),
  ...planted(ringElectionBugs, (bug) => ringElection({ bug, nodes: 3 }), {
    'forwards-larger-numbers': 'only the smallest wins',
    'does-not-give-up': 'only the smallest wins',
  }),
  ...planted(raftBugs, smallRaft, {
    'votes-twice': 'election safety',
    'forgets-its-vote': 'election safety',
    'ignores-the-log': 'leader completeness',
    'commits-older-terms': 'leader completeness',
    'gives-up-when-refused': 'what the last leader takes is committed, unless it crashes',
  }),
  ...planted(referenceListingBugs, (bug) => referenceListing({ bug, copies: 1, users: 2 }), {
    'naive-counting': 'never collected too early',
    'sends-without-waiting': 'never collected too early',
    'confirms-too-early': 'never collected too early',
    'forgets-to-confirm': 'collected when let go',
  }),
  ...planted(terminationDetectionBugs, (bug) => terminationDetection({ bug, gifts: 1, nodes: 3 }), {
    naive: 'announced only when over',
    'counts-nothing': 'announced only when over',
    'stays-white': 'announced only when over',
    'black-keeps-the-token': 'announced when over',
  }),
];

function smallRaft(bug: RaftBug): SystemDefinition {
  switch (bug) {
    case 'commits-older-terms':
      return raft({ begin: figure8, bug, elections: [1, 1, 0], requests: [1, 1, 0] });
    case 'gives-up-when-refused':
      return raft({ begin: figure8, bug, elections: [1, 0, 0], requests: [1, 0, 0] });
    default:
      return raft({ bug, crashes: 1, elections: [1, 1, 0], requests: [1, 0, 0] });
  }
}

function planted<Bug extends string>(
  mistakes: Readonly<Record<Bug, string>>,
  define: (bug: Bug) => SystemDefinition,
  broken: Readonly<Record<Bug, string>>,
): readonly PlantedBug[] {
  const isBug = (name: string): name is Bug => Object.hasOwn(mistakes, name);
  return Object.keys(mistakes)
    .filter(isBug)
    .map((bug) => {
      const definition = define(bug);
      return {
        protocol: definition.name,
        bug,
        mistake: mistakes[bug],
        breaks: broken[bug],
        definition,
      };
    });
}
