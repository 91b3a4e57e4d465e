import { cluster, distAutograd, rpc, torch } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two workers shut down, while a message of one waits to be sent again. */
export const exhibit: Exhibit = {
  id: 'retry-invisible-to-termination',
  title: 'a message that waits for its retry counts as no call',
  of: 'PyTorch',
  component: 'shutdown',
  tier: 2,
  isLive: true,
  when: 'PyTorch 2.6, masked for references',
  variant: 'term.retryNotCounted',
  links: [
    'https://github.com/pytorch/pytorch/pull/33636',
    'https://github.com/pytorch/pytorch/blob/v2.6.0/torch/csrc/distributed/rpc/rpc_agent.cpp',
  ],
  happens:
    'The message that cleans an autograd context up could not be sent. Until its next attempt it ' +
    'stands in no count, so all workers agree that nothing is under way, and leave. The context ' +
    'stays.',
  fix: 'What waits to be sent again is counted as well.',
  advice:
    'Leave autograd contexts some time before `rpc.shutdown()`, longer than a message needs that is ' +
    'sent again.',
  property: 'P1',
  system: (isOn) =>
    cluster({
      workers: 2,
      ...hardened(['term.retryNotCounted'], isOn, {
        backend: { messagesToFail: ['CLEANUP_AUTOGRAD_CONTEXT_REQ'], numFailSends: 1 },
        // Else the context that stays is given up in time.
        switches: { 'da.noLease': true },
      }),
      start: 'joined',
      functions,
      main: {
        worker0: functions.toCall('callInContext', []),
        worker1: functions.toCall('shutDown', []),
      },
    }),
};

const functions = defineFunctions({ callInContext, makeValue, shutDown });

function makeValue(): number {
  return 42;
}

function* callInContext(): Program<void> {
  yield* distAutograd.context(function* inContext() {
    yield* torch.tensor([1], { requiresGrad: true });
    yield* rpc.sync('worker1', makeValue, []);
  });
  yield* rpc.shutdown();
}

function* shutDown(): Program<void> {
  yield* rpc.shutdown();
}
