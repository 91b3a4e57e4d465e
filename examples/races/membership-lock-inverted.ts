import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A worker joins while another makes calls. */
export const exhibit: Exhibit = {
  id: 'membership-lock-inverted',
  title: 'a directory is read while it changes',
  of: 'PyTorch',
  component: 'dynamic group',
  tier: 2,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'dyn.lockInverted',
  links: ['https://github.com/pytorch/pytorch/pull/74035'],
  happens:
    'The directory of workers is locked only where the group is static, and so never changes. A call looks a ' +
    'worker up, another worker joins meanwhile, and the call uses what it found in a table that is no more.',
  fix: 'The lock is taken where the group changes, and what is found is copied.',
  advice:
    'Let all workers join before any of them makes calls, or give `world_size` to `init_rpc`, so that the ' +
    'group is static.',
  property: 'P12',
  system: (isOn) =>
    cluster({
      workers: 2,
      start: 'apart',
      ...hardened(['dyn.lockInverted'], isOn),
      functions,
      main: {
        worker0: functions.toCall('startAndCall', []),
        worker1: functions.toCall('join', []),
      },
    }),
};

const functions = defineFunctions({ join, makeValue, startAndCall });

function makeValue(): number {
  return 42;
}

function* join(): Program<void> {
  yield* rpc.initRpc('worker1', { rank: 1 });
}

/** Whoever joins meanwhile is told to this worker between any two of its calls, or within one. */
function* startAndCall(): Program<void> {
  yield* rpc.initRpc('worker0', { rank: 0 });
  for (let turn = 0; turn < 6; turn += 1) yield* rpc.sync('worker0', makeValue, []);
}
