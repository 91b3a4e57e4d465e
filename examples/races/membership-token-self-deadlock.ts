import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A worker joins while the one that it is to meet is gone without a word. */
export const exhibit: Exhibit = {
  id: 'membership-token-self-deadlock',
  title: 'a join that fails waits for its own token',
  of: 'PyTorch',
  component: 'dynamic group',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'dyn.tokenNoFinally',
  links: [
    'https://github.com/pytorch/pytorch/issues/73372',
    'https://github.com/pytorch/pytorch/pull/74035',
    'https://github.com/pytorch/pytorch/pull/74561',
  ],
  happens:
    'Who joins a group that changes holds its token meanwhile. Where a step of that fails, it shuts down, and ' +
    'a shutdown wants the token: it waits for itself, and hides the error behind a time-out. The token is ' +
    'never given back, so nobody can join any more.',
  fix: 'The token is given back on every way out, and what was begun is undone while it is held.',
  advice:
    'Give `world_size` to `init_rpc`, so that the group is static and has no token; let workers of a dynamic group ' +
    'leave with `rpc.shutdown()`, and never while another joins.',
  property: 'P15',
  system: (isOn) =>
    cluster({
      workers: 2,
      start: 'apart',
      ...hardened(['dyn.tokenNoFinally'], isOn),
      functions,
      main: {
        worker0: functions.toCall('joinAndGo', []),
        worker1: functions.toCall('join', []),
      },
    }),
};

const functions = defineFunctions({ join, joinAndGo });

function* join(): Program<void> {
  yield* rpc.initRpc('worker1', { rank: 1 });
}

function* joinAndGo(): Program<void> {
  yield* rpc.initRpc('worker0', { rank: 0 });
  yield* rpc.shutdown({ graceful: false });
}
