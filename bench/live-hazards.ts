import type { ProtocolCase } from './protocol-worlds.ts';
import { wayTo } from './protocol-worlds.ts';
import type { Section } from './section.ts';

/** A bug that PyTorch 2.6 has, and where an invariant stumbles over it. */
export interface LiveHazard {
  readonly about: string;
  readonly at: ProtocolCase;
  readonly property: string;
}

/** What came out of the searches of all cases with the profile `pytorch-2.6`, read off the shortest runs. */
export const liveHazards: readonly LiveHazard[] = [
  {
    about: 'H3: a delete overtakes the end of the creation, so the value stays for ever',
    at: { fault: 'time-out', poolSize: 2, scenario: 'creation', workers: 2 },
    property: 'P1',
  },
  {
    about: 'H4: a call to itself that timed out finds its OwnerRRef gone',
    at: { fault: 'time-out', poolSize: 1, scenario: 'remote-to-self', workers: 2 },
    property: 'P12',
  },
  {
    about: 'H5: the message with a copy of the owner is lost, and the copy stays listed',
    at: { fault: 'drop', poolSize: 2, scenario: 'sharing-by-owner', workers: 2 },
    property: 'P1',
  },
  {
    about: 'H5: the message with a copy of a user is lost, and the child stays pending',
    at: { fault: 'drop', poolSize: 2, scenario: 'unread-reference', workers: 3 },
    property: 'P1',
  },
  {
    about: 'H8: nested calls need the threads that wait for them',
    at: { fault: 'none', poolSize: 1, scenario: 'nested-calls', workers: 2 },
    property: 'P11',
  },
  {
    about: 'H16: a fetch of what was never created waits for ever',
    at: { fault: 'drop', poolSize: 2, scenario: 'fetch-against-delete', workers: 2 },
    property: 'P3',
  },
  {
    about: 'H18: a delete that is lost is sent again without its body until it is given up',
    at: { fault: 'drop', poolSize: 2, scenario: 'creation', workers: 2 },
    property: 'P1',
  },
  {
    about: 'H19: an answer with a reference comes after the time-out, and its copy stays listed',
    at: { fault: 'time-out', poolSize: 2, scenario: 'returned-reference', workers: 2 },
    property: 'P1',
  },
  {
    about: 'H20: an owner lets go of a value between the two halves of its creation',
    at: { fault: 'none', poolSize: 2, scenario: 'unread-reference', workers: 3 },
    property: 'P2',
  },
  {
    about: 'H22: a user passes back what was never created, and the owner waits for it for ever',
    at: { fault: 'drop', poolSize: 2, scenario: 'sharing-with-owner', workers: 2 },
    property: 'P3',
  },
  {
    about:
      'H2: a request for a copy is sent again without its body, and its failure ends the process',
    at: { fault: 'drop', poolSize: 2, scenario: 'sharing-among-users', workers: 3 },
    property: 'P12',
  },
  {
    about:
      'H2: the owner is gone, and that a request for a copy failed ends the process of its user',
    at: { fault: 'crash', poolSize: 2, scenario: 'sharing-among-users', workers: 3 },
    property: 'P12',
  },
];

/** The bugs that were found. */
export function foundHazards(): Section {
  return {
    title: 'Live hazards of PyTorch 2.6',
    method:
      'The same programs with the profile `pytorch-2.6`, where no search is told what to look for. The ' +
      'last column is the length of the shortest run that breaks the invariant; ' +
      '`orrery check <program> profile=pytorch-2.6 pool=… drop=1 --properties P1 --out traces` writes it.',
    header: ['hazard', 'program', 'pool', 'fault', 'breaks', 'steps'],
    rows: liveHazards.map(({ about, at, property }) => {
      const steps = wayTo(at, { profile: 'pytorch-2.6', property });
      const { fault, poolSize, scenario } = at;
      return [
        about,
        scenario,
        `${poolSize}`,
        fault,
        property,
        steps === undefined ? '' : `${steps}`,
      ];
    }),
  };
}
