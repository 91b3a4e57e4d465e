import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions, ms } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Three workers gather what each brings, with one thread each. */
export const exhibit: Exhibit = {
  id: 'init-exhausts-pool',
  title: 'who reports to a gather keeps a thread of its leader until all have reported',
  of: 'PyTorch',
  component: 'init',
  tier: 3,
  isLive: false,
  when: 'see #85607',
  variant: 'api.gatherBlocksHandler',
  links: [
    'https://github.com/pytorch/pytorch/issues/85607',
    'https://github.com/pytorch/pytorch/issues/80104',
  ],
  happens:
    'At the end of `init_rpc` all members report to the leader, and the handler of each report waits until all ' +
    'have come. The pool of the leader is full of handlers that wait, and the report that would let them go ' +
    'stands behind them in the queue.',
  fix: 'The handler notes the report and ends; the leader tells all when the last has come.',
  property: 'P3',
  system: (isOn) =>
    cluster({
      workers: 3,
      start: 'joined',
      ...hardened(['api.gatherBlocksHandler'], isOn, {
        rpcTimeout: ms(0),
        switches: { 'agent.waitKeepsThread': true },
      }),
      functions,
      main: {
        worker0: functions.toCall('gather', []),
        worker1: functions.toCall('gather', []),
        worker2: functions.toCall('gather', []),
      },
    }),
};

const functions = defineFunctions({ gather });

function* gather(): Program<unknown> {
  return yield* rpc.allGather('here', { timeout: 0 });
}
