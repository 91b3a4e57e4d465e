import { diningPhilosophers } from '../examples/protocols/dining-philosophers.ts';
import { lamportMutex } from '../examples/protocols/lamport-mutex.ts';
import { linearizableRegister } from '../examples/protocols/linearizable-register.ts';
import { paxos } from '../examples/protocols/paxos.ts';
import { raft } from '../examples/protocols/raft.ts';
import { referenceListing } from '../examples/protocols/reference-listing.ts';
import { singleCopyRegister } from '../examples/protocols/single-copy-register.ts';
import { terminationDetection } from '../examples/protocols/termination-detection.ts';
import { twoPhaseCommit } from '../examples/protocols/two-phase-commit.ts';
import { defineSystem, search } from '../src/index.ts';
import type { SystemDefinition } from '../src/index.ts';
import type { Section } from './section.ts';

interface Case {
  readonly definition: SystemDefinition;
  readonly name: string;
}

/** The worlds of well-known protocols, all of them looked at. */
export function stateCounts(): Section {
  return {
    title: 'State counts',
    method:
      'Exhaustive search, breadth first, one thread, the properties of each protocol checked in every ' +
      'world. Published counts are those of Stateright and of the TLA+ examples; where a model differs, ' +
      'protocols.md says why.',
    header: ['system', 'worlds', 'generated', 'depth', 'holds', 'bytes a world'],
    rows: cases().map(({ definition, name }) => {
      const { properties = [] } = definition;
      const result = search(defineSystem(definition), { properties });
      const holds = result.complete && result.violations.length === 0;
      const { bytesPerState, depth, states, transitions } = result;
      return [
        name,
        ...[states, transitions, depth].map(grouped),
        holds ? 'yes' : 'no',
        `${bytesPerState}`,
      ];
    }),
  };
}

function cases(): readonly Case[] {
  return [
    ...[2, 3, 4, 5, 6, 7, 8, 9].map((rms) => ({
      definition: twoPhaseCommit({ repeats: true, rms }),
      name: `two-phase commit, ${rms} resource managers`,
    })),
    ...[2, 3, 4].map((clients) => ({
      definition: singleCopyRegister({ clients }),
      name: `single-copy register, ${clients} clients`,
    })),
    ...[2, 3, 4, 5, 6].map((clients) => ({
      definition: paxos({ clients }),
      name: `single-decree Paxos, ${clients} clients`,
    })),
    {
      definition: linearizableRegister({ clients: 2, servers: 2 }),
      name: "ABD's register, 2 clients, 2 servers",
    },
    {
      definition: linearizableRegister({ clients: 2, links: 'fifo', servers: 3 }),
      name: "ABD's register, 2 clients, 3 servers, FIFO links",
    },
    { definition: diningPhilosophers({ philosophers: 5 }), name: 'dining philosophers, 5' },
    {
      definition: lamportMutex({ clockMax: 6, processes: 3 }),
      name: 'Lamport mutual exclusion, 3 processes, clock to 6',
    },
    {
      definition: referenceListing({ copies: 2, users: 2 }),
      name: 'reference listing, 2 users, 2 copies',
    },
    {
      definition: terminationDetection({ gifts: 1, nodes: 3 }),
      name: 'termination detection, 3 nodes, 1 gift to each',
    },
    {
      definition: raft({ crashes: 1, elections: [1, 1, 0], requests: [1, 0, 0] }),
      name: 'Raft, 3 servers, 2 elections, 1 request, 1 crash',
    },
  ];
}

function grouped(count: number): string {
  return count.toString().replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
