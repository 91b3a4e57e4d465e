import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A worker leaves while a message waits to be sent again. */
export const exhibit: Exhibit = {
  id: 'retry-after-shutdown',
  title: 'a retry on an agent that has stopped ends the process',
  of: 'PyTorch',
  component: 'agent',
  tier: 2,
  isLive: false,
  when: 'fixed by #35554, #35815',
  variant: 'agent.retryThrowsAfterStop',
  links: [
    'https://github.com/pytorch/pytorch/issues/35263',
    'https://github.com/pytorch/pytorch/pull/35554',
    'https://github.com/pytorch/pytorch/pull/35815',
  ],
  happens:
    'The message that ends a reference could not be sent, and waits for its next attempt in a thread ' +
    'of its own. Meanwhile the agent stops. The thread sends, the agent throws, and nobody catches it ' +
    'there.',
  fix: 'The thread that sends again catches errors, and an agent that stops ends what waits.',
  property: 'P12',
  system: (isOn) =>
    cluster({
      workers: 2,
      ...hardened(['agent.retryThrowsAfterStop'], isOn, {
        backend: { messagesToFail: ['RREF_USER_DELETE'], numFailSends: 1 },
      }),
      start: 'joined',
      functions,
      main: {
        worker0: functions.toCall('useAndGo', []),
        worker1: functions.toCall('goLater', []),
      },
    }),
};

const functions = defineFunctions({ goLater, makeValue, useAndGo });

function makeValue(): number {
  return 42;
}

function* goLater(): Program<void> {
  yield* rpc.sleep(1);
  yield* rpc.shutdown({ graceful: false });
}

function* useAndGo(): Program<void> {
  const rref = yield* rpc.remote('worker1', makeValue, []);
  yield* rref.toHere();
  yield* rref.drop();
  yield* rpc.sleep(0.1);
  yield* rpc.shutdown({ graceful: false });
}
