import { cluster, rpc } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two creations that take too long. */
export const exhibit: Exhibit = {
  id: 'timeout-recorded-on-first-rref',
  title: 'a second time-out is noted on the first reference that timed out',
  of: 'PyTorch',
  component: 'rref',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'rref.staticErrorHandler',
  links: ['https://github.com/pytorch/pytorch/pull/38590'],
  happens:
    'Two calls that create values time out. The handler that notes a time-out was made once, for the first ' +
    'reference, and holds on to that one: the second reference is never flagged, so reading it blocks where it ' +
    'should raise.',
  fix: 'The handler is made for each reference.',
  advice:
    'Do not rely on `to_here` to raise after a time-out of `rpc.remote`: give `to_here` a time-out of its own, ' +
    'or ask `rref._get_future()`.',
  property: 'P16',
  system: (isOn) =>
    cluster({
      workers: 2,
      ...hardened(['rref.staticErrorHandler'], isOn),
      functions,
      main: { worker0: functions.toCall('createTwo', []) },
    }),
};

const functions = defineFunctions({ createTwo, makeSlowly });

function* makeSlowly(): Program<number> {
  yield* rpc.sleep(2);
  return 42;
}

function* createTwo(): Program<void> {
  yield* rpc.remote('worker1', makeSlowly, [], { timeout: 1 });
  yield* rpc.remote('worker1', makeSlowly, [], { timeout: 1 });
  yield* rpc.sleep(6);
}
