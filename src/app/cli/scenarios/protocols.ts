/** Well-known protocols, with their parameters and the mistakes that can be planted in them. */
import {
  diningPhilosophers,
  diningPhilosophersBugs,
} from '../../../../examples/protocols/dining-philosophers.ts';
import { lamportMutex, lamportMutexBugs } from '../../../../examples/protocols/lamport-mutex.ts';
import {
  lastWriterWins,
  lastWriterWinsBugs,
} from '../../../../examples/protocols/last-writer-wins.ts';
import {
  linearizableRegister,
  linearizableRegisterBugs,
} from '../../../../examples/protocols/linearizable-register.ts';
import { paxos, paxosBugs } from '../../../../examples/protocols/paxos.ts';
import { figure8, raft, raftBugs } from '../../../../examples/protocols/raft.ts';
import {
  referenceListing,
  referenceListingBugs,
} from '../../../../examples/protocols/reference-listing.ts';
import {
  ricartAgrawala,
  ricartAgrawalaBugs,
} from '../../../../examples/protocols/ricart-agrawala.ts';
import { ringElection, ringElectionBugs } from '../../../../examples/protocols/ring-election.ts';
import {
  singleCopyRegister,
  singleCopyRegisterBugs,
} from '../../../../examples/protocols/single-copy-register.ts';
import {
  terminationDetection,
  terminationDetectionBugs,
} from '../../../../examples/protocols/termination-detection.ts';
import {
  twoPhaseCommit,
  twoPhaseCommitBugs,
} from '../../../../examples/protocols/two-phase-commit.ts';
import { defineSystem } from '../../../runtime/system.ts';
import type { SystemDefinition } from '../../../runtime/system.ts';
import { countList, flag, someOf, wholeNumber, word } from '../scenario.ts';
import type { Params, Scenario } from '../scenario.ts';

/** What the parameter `bug` is where nothing is wrong. */
const noBug = 'none';

/** All of them. Their defaults are those of the published state counts. */
export const protocolScenarios: Readonly<Record<string, Scenario>> = {
  'two-phase-commit': protocol({
    description: 'a transaction manager and its resource managers, who decide at any time',
    params: { rms: 3, repeats: true },
    bugs: twoPhaseCommitBugs,
    options: (params) => ({
      rms: wholeNumber(params, 'rms', { min: 1, max: 26 }),
      repeats: flag(params, 'repeats'),
    }),
    definition: twoPhaseCommit,
  }),
  paxos: protocol({
    description: 'single-decree Paxos: servers that agree on one value, as a register',
    params: { clients: 2, servers: 3 },
    bugs: paxosBugs,
    options: (params) => ({ clients: clientsOf(params), servers: serversOf(params) }),
    definition: paxos,
  }),
  'single-copy-register': protocol({
    description: 'a register on one server',
    params: { clients: 2 },
    bugs: singleCopyRegisterBugs,
    options: (params) => ({ clients: clientsOf(params) }),
    definition: singleCopyRegister,
  }),
  'linearizable-register': protocol({
    description: 'a register of Attiya, Bar-Noy and Dolev: any majority of servers serves',
    params: { clients: 2, servers: 2, links: 'unordered' },
    bugs: linearizableRegisterBugs,
    options: (params) => ({
      clients: clientsOf(params),
      servers: serversOf(params),
      links: word(params, 'links', ['unordered', 'fifo']),
    }),
    definition: linearizableRegister,
  }),
  'dining-philosophers': protocol({
    description: 'philosophers who clean forks and hand them to one another',
    params: { philosophers: 5 },
    bugs: diningPhilosophersBugs,
    options: (params) => ({
      philosophers: wholeNumber(params, 'philosophers', { min: 2, max: 26 }),
    }),
    definition: diningPhilosophers,
  }),
  'lamport-mutex': protocol({
    description: "Lamport's mutual exclusion by logical clocks",
    params: { processes: 3, clockMax: 6 },
    bugs: lamportMutexBugs,
    options: (params) => ({
      processes: wholeNumber(params, 'processes', { min: 1, max: 9 }),
      clockMax: wholeNumber(params, 'clockMax', { min: 1, max: 1000 }),
    }),
    definition: lamportMutex,
  }),
  'ricart-agrawala': protocol({
    description: 'mutual exclusion of Ricart and Agrawala: who was earlier answers later',
    params: { processes: 3, entries: 1 },
    bugs: ricartAgrawalaBugs,
    options: (params) => ({
      processes: wholeNumber(params, 'processes', { min: 2, max: 9 }),
      entries: wholeNumber(params, 'entries', { min: 1, max: 99 }),
    }),
    definition: ricartAgrawala,
  }),
  'last-writer-wins': protocol({
    description: 'a register that each replica writes at once; the later version wins',
    params: { replicas: 3, writes: 1, duplicates: 0 },
    bugs: lastWriterWinsBugs,
    options: (params) => ({
      replicas: wholeNumber(params, 'replicas', { min: 2, max: 9 }),
      writes: wholeNumber(params, 'writes', { min: 1, max: 99 }),
      duplicates: wholeNumber(params, 'duplicates', { min: 0, max: 9 }),
    }),
    definition: lastWriterWins,
  }),
  'ring-election': protocol({
    description: 'an election of Chang and Roberts on a ring that messages go round one way',
    params: { nodes: 3, initiators: 'all' },
    bugs: ringElectionBugs,
    options: (params) => {
      const nodes = wholeNumber(params, 'nodes', { min: 2, max: 26 });
      return { nodes, initiators: someOf(params, 'initiators', nodes) };
    },
    definition: ringElection,
  }),
  raft: protocol({
    description: 'servers that elect leaders, who have their logs repeated: counts for each server',
    params: { elections: '1,1,0', requests: '1,0,0', crashes: 0, duplicates: 0, begin: 'empty' },
    bugs: raftBugs,
    options: (params) => ({
      elections: countList(params, 'elections'),
      requests: countList(params, 'requests'),
      crashes: wholeNumber(params, 'crashes', { min: 0, max: 9 }),
      duplicates: wholeNumber(params, 'duplicates', { min: 0, max: 9 }),
      begin: word(params, 'begin', ['empty', 'figure-8']) === 'empty' ? [] : figure8,
    }),
    definition: raft,
  }),
  'reference-listing': protocol({
    description: "Birrell's distributed reference counting: the owner lists who has a reference",
    params: { users: 2, copies: 1 },
    bugs: referenceListingBugs,
    options: (params) => ({
      users: wholeNumber(params, 'users', { min: 1, max: 9 }),
      copies: wholeNumber(params, 'copies', { min: 1, max: 99 }),
    }),
    definition: referenceListing,
  }),
  'termination-detection': protocol({
    description: "Dijkstra's and Safra's: a token on a ring finds out that all work is done",
    params: { nodes: 3, gifts: 1 },
    bugs: terminationDetectionBugs,
    options: (params) => ({
      nodes: wholeNumber(params, 'nodes', { min: 2, max: 9 }),
      gifts: wholeNumber(params, 'gifts', { min: 0, max: 99 }),
    }),
    definition: terminationDetection,
  }),
};

interface Protocol<Bug extends string, Options extends object> {
  readonly description: string;
  readonly params: Params;
  readonly bugs: Readonly<Record<Bug, string>>;
  readonly options: (params: Params) => Options;
  readonly definition: (options: Options & { readonly bug?: Bug }) => SystemDefinition;
}

function protocol<Bug extends string, Options extends object>({
  bugs,
  definition,
  description,
  options,
  params: defaults,
}: Protocol<Bug, Options>): Scenario {
  const isBug = (name: string): name is Bug => Object.hasOwn(bugs, name);
  return {
    description,
    params: { ...defaults, bug: noBug },
    bugs,
    make: (params) => {
      const bug = word(params, 'bug', [noBug, ...Object.keys(bugs)]);
      return defineSystem(definition({ ...options(params), ...(isBug(bug) ? { bug } : {}) }));
    },
  };
}

function clientsOf(params: Params): number {
  return wholeNumber(params, 'clients', { min: 1, max: 26 });
}

function serversOf(params: Params): number {
  return wholeNumber(params, 'servers', { min: 1, max: 9 });
}
