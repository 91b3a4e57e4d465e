/** The last requirement on SMART mode: a pass that fails leaves no state. */
import { describe, expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import { workersOf } from '../../actors/view.ts';
import { passesOf } from '../../machines/autograd/smart-passes.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import { dropped, seconds, sizeOf, valuesOf } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { play, returned, systemWith } from './play.ts';
import { caught, gradientOf } from './user-code.ts';

const modes = ['smart', 'smart-discovery'] as const;

describe.each(modes)('M10: a pass that fails leaves nothing, in %s mode,', (backwardMode) => {
  test('where a peer knows nothing of a message', () => {
    function* main() {
      return yield* distAutograd.context(function* (context) {
        const x = yield* torch.tensor([1], { requiresGrad: true });
        const rref = yield* torch.noGrad(() => rpc.remote('worker1', square, [x]));
        const bad = yield* torch.sum(yield* rref.toHere());
        const good = yield* torch.sum(yield* rpc.sync('worker1', square, [x]));
        const text = yield* caught(distAutograd.backward(context, [bad]));
        yield* distAutograd.backward(context, [good]);
        return [text, yield* gradientOf(context, x)];
      });
    }
    const system = systemWith({ cube, main, square }, { backwardMode, workers: 3 });
    expect(returned(system)).toEqual([
      expect.stringMatching(
        /Error on Node 0: Could not find send function for autograd message id/,
      ),
      [6],
    ]);
  });

  test('where a message about it is lost', () => {
    function* main() {
      return yield* distAutograd.context(function* (context) {
        const x = yield* torch.tensor([1], { requiresGrad: true });
        const root = yield* torch.sum(yield* rpc.sync('worker1', square, [x]));
        const text = yield* caught(distAutograd.backward(context, [root], { retainGraph: true }));
        yield* rpc.sleep(50);
        yield* distAutograd.backward(context, [root]);
        return [text, yield* gradientOf(context, x)];
      });
    }
    const first = backwardMode === 'smart' ? 'BACKWARD_AUTOGRAD_REQ' : 'SMART_DISCOVER_REQ';
    const states: string[] = [];
    const system = systemWith(
      { cube, main, square },
      {
        backwardMode,
        network: {
          rules: [
            ({ event, fromNode }) =>
              event.type === first && fromNode === 'worker1' && isOfFirstPass(event)
                ? dropped
                : undefined,
          ],
        },
        profile: 'hardened',
        rpcTimeout: seconds(5),
        workers: 3,
      },
    );
    const { outcome, views } = play(system, {
      onStep: ({ choice }, world) => {
        if (choice?.type !== 'deliver') return;
        if (JSON.stringify(choice.event).includes('"autograd.backward"')) {
          states.push(
            workersOf(world)
              .map((worker) => stateOf(worker))
              .join(', '),
          );
        }
      },
    });
    // Worker 1 still keeps the call whose answer may come late.
    expect(views.map(({ contextIds, threads }) => [contextIds, threads])).toEqual(
      views.map(() => [[], []]),
    );
    // When the second pass begins, only its own worker knows of one.
    expect(states.at(-1)).toMatch(/^1 . ., 0 0 0, 0 0 0$/);
    // Of the gradient by way of worker 2 nothing came in the first pass.
    expect(outcome).toMatchObject({
      value: [expect.stringMatching(/RPC ran for more than set timeout/), [6]],
    });
  });
});

function* square(a: Tensor): Program<Tensor> {
  return yield* rpc.sync('worker2', cube, [yield* torch.mul(a, a)]);
}

function* cube(a: Tensor): Program<Tensor> {
  return yield* torch.mul(a, yield* torch.mul(a, a));
}

function isOfFirstPass(event: object): boolean {
  const text = JSON.stringify(event);
  return text.includes('"passId":"0"');
}

/** Passes that began and that run, and discoveries. */
function stateOf({ autograd, passes }: WorkerContext): string {
  const found = valuesOf(autograd.contexts).map((each) => sizeOf(passesOf(each).discoveries));
  return `${sizeOf(autograd.initializedContextIds)} ${sizeOf(passes)} ${String(found)}`;
}
