import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two processes start, and one calls the other. */
export const exhibit: Exhibit = {
  id: 'request-before-init',
  title: 'a request is served before its worker is initialised',
  of: 'PyTorch',
  component: 'init',
  tier: 1,
  isLive: false,
  when: 'fixed by #29069',
  variant: 'init.startAgentFirst',
  links: [
    'https://github.com/pytorch/pytorch/pull/29069',
    'https://github.com/pytorch/pytorch/issues/28932',
    'https://github.com/pytorch/pytorch/issues/29117',
  ],
  happens:
    'The agent of a worker listens before the rest of it is set up. A peer that is faster sends a request, ' +
    'which is served by a worker that is not ready.',
  fix: 'All is set up before the agent listens.',
  property: 'P13',
  system: (isOn) =>
    cluster({
      workers: 2,
      start: 'apart',
      ...hardened(['init.startAgentFirst'], isOn),
      functions,
      main: {
        worker0: functions.toCall('startAndCall', []),
        worker1: functions.toCall('start', []),
      },
    }),
};

const functions = defineFunctions({ makeValue, start, startAndCall });

function makeValue(): number {
  return 42;
}

function* start(): Program<void> {
  yield* rpc.initRpc('worker1', { rank: 1, worldSize: 2 });
}

function* startAndCall(): Program<number> {
  yield* rpc.initRpc('worker0', { rank: 0, worldSize: 2 });
  return yield* rpc.sync('worker1', makeValue, []);
}
