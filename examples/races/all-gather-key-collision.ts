import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two groups with one leader gather. */
export const exhibit: Exhibit = {
  id: 'all-gather-key-collision',
  title: 'two groups share one gather, as their names read alike when glued',
  of: 'PyTorch',
  component: 'shutdown',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'api.allGatherKeyConcat',
  links: [],
  happens:
    'The state of a gather is kept under the names of its members, glued together, and a number. The group of ' +
    'a and bc has the same key as that of a, b and c, so one gets what the other brought.',
  fix: 'The key keeps names apart.',
  advice:
    'Give workers names none of which is the beginning of another (`worker_00`), and use no private ' +
    'collectives of sub-groups.',
  property: 'P6',
  system: (isOn) =>
    cluster({
      workers: 4,
      names: ['a', 'b', 'bc', 'c'],
      start: 'joined',
      ...hardened(['api.allGatherKeyConcat'], isOn),
      functions,
      main: {
        a: functions.toCall('both', []),
        b: functions.toCall('three', []),
        bc: functions.toCall('two', []),
        c: functions.toCall('three', []),
      },
    }),
};

const functions = defineFunctions({ both, three, two });

function* two(): Program<unknown> {
  return yield* rpc.allGather('two', { workerNames: ['a', 'bc'] });
}

function* three(): Program<unknown> {
  return yield* rpc.allGather('three', { workerNames: ['a', 'b', 'c'] });
}

function* both(): Program<unknown> {
  return [yield* two(), yield* three()];
}
