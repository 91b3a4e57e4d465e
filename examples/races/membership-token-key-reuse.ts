import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two processes join by one name. */
export const exhibit: Exhibit = {
  id: 'membership-token-key-reuse',
  title: 'the mark of an earlier join lets the next one in too early',
  of: 'PyTorch',
  component: 'dynamic group',
  tier: 3,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'dyn.keyReuse',
  links: [
    'https://github.com/pytorch/pytorch/pull/74035',
    'https://github.com/pytorch/pytorch/issues/73372',
  ],
  happens:
    'Who joins a group that changes takes its token, and marks it as done under a key made of its name. The mark ' +
    'stays. The next one of that name finds itself taken for done: another holds the token at the same time, or ' +
    'who waits for the token is woken by the old mark again and again.',
  fix: 'The key says which join of which process it is of.',
  advice:
    'Give each process that ever joins a name of its own, also one that comes back, or a `world_size`, so that the ' +
    'group is static.',
  property: 'S23',
  system: (isOn) =>
    cluster({
      workers: 2,
      start: 'apart',
      ...hardened(['dyn.keyReuse'], isOn),
      functions,
      main: {
        worker0: functions.toCall('join', [0]),
        worker1: functions.toCall('join', [1]),
      },
    }),
};

const functions = defineFunctions({ join });

function* join(rank: number): Program<void> {
  yield* rpc.initRpc('twin', { rank });
}
