/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** The requirements on SMART mode of the specification, §11.3, each by its number; M10 has a file of its own. */
import { describe, expect, test } from 'vitest';

import type {
  ConformanceProgram,
  OpValue,
  ProgramValue,
} from '../../actors/conformance/program.ts';
import { distAutograd, rpc, torch } from '../../actors/index.ts';
import type { GraphTaskContext } from '../../machines/engine/graph-task-context.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { emptyMap, getIn, keysOf, randomWalk } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { localOutcome } from './conformance/local.ts';
import { observe } from './conformance/observed.ts';
import { expectQuiet, play, returned, systemWith } from './play.ts';
import { caught, gradientOf } from './user-code.ts';

const schedules = [undefined, 1, 2, 3];

/** A program over scalars: `x` is a leaf of worker 0, the last value is the root. */
function programOf(...ops: readonly Omit<OpValue, 'kind'>[]): ConformanceProgram {
  const x: ProgramValue = {
    data: [3],
    id: 'x',
    kind: 'leaf',
    requires_grad: true,
    shape: [1],
    worker: 0,
  };
  const values = [x, ...ops.map((op) => ({ ...op, kind: 'op' }) as const)];
  return { id: 'p', roots: [ops.at(-1)?.id ?? ''], values, workers: 4 };
}

/** Messages to three workers, some for nothing, one that another one needs, and a diamond over two workers. */
const tangled = programOf(
  { args: ['x'], hops: [1, 2, 3], id: 'a', op: 'sin', via: 'relay' },
  { args: ['x'], id: 'lost', op: 'tanh', to: 2, via: 'rpc_sync' },
  { args: ['a'], id: 'b', op: 'neg', to: 1, via: 'remote' },
  { args: ['a'], id: 'c', op: 'tanh', to: 2, via: 'remote' },
  { args: ['lost'], id: 'more', op: 'neg', to: 3, via: 'rpc_async' },
  { args: ['b', 'c'], id: 'd', op: 'mul', to: 3, via: 'rpc_sync' },
  { args: ['d'], id: 'r', op: 'sum', via: 'local' },
);

/** The same, but nothing is for nothing. */
const whole = programOf(
  { args: ['x'], hops: [1, 2], id: 'a', op: 'sin', via: 'relay' },
  { args: ['a'], id: 'b', op: 'neg', to: 1, via: 'remote' },
  { args: ['a'], id: 'c', op: 'tanh', to: 2, via: 'remote' },
  { args: ['b', 'c'], id: 'd', op: 'mul', to: 3, via: 'rpc_sync' },
  { args: ['d'], id: 'r', op: 'sum', via: 'local' },
);

describe.each(['smart', 'smart-discovery'] as const)('in %s mode', (backwardMode) => {
  const runs = schedules.map((seed) =>
    observe(tangled, { backwardMode, ...(seed === undefined ? {} : { seed }) }),
  );

  test('M1: what takes part is what the roots can reach over the graphs of all workers', () => {
    for (const { passes } of runs) {
      expect(passes).toHaveLength(1);
      expect(passes[0]?.used.length).toBeGreaterThan(6);
      expect(passes[0]?.counted).toEqual(passes[0]?.used);
    }
  });

  test('M2: a message that the roots do not need is counted nowhere', () => {
    for (const { passes } of runs) {
      const [{ counted, unused } = { counted: [], unused: [] }] = passes;
      expect(unused.length).toBeGreaterThan(1);
      expect(unused.filter((id) => counted.some((each) => each === id))).toEqual([]);
    }
  });

  test('M3: each message in use gets its gradient once', () => {
    for (const { messages, passes } of runs) {
      expect(passes[0]?.fed).toEqual(passes[0]?.used);
      expect(messages['BACKWARD_AUTOGRAD_REQ']).toBe(passes[0]?.used.length);
    }
  });

  test('M4: where all messages are in use it gives what FAST mode gives, by as many gradient messages', () => {
    const fast = observe(whole, { backwardMode: 'fast' });
    const smart = observe(whole, { backwardMode });
    expect(fast.passes[0]?.unused).toEqual([]);
    expect(smart.outcome).toEqual(fast.outcome);
    const asked = backwardMode === 'smart-discovery' ? (smart.passes[0]?.used.length ?? 0) : 0;
    const { SMART_DISCOVER_REQ = 0, SMART_DISCOVER_RESP = 0, ...others } = smart.messages;
    expect(others).toEqual(fast.messages);
    expect([SMART_DISCOVER_REQ, SMART_DISCOVER_RESP]).toEqual([asked, asked]);
  });

  test('M5: it comes to its end where FAST mode waits for ever', () => {
    expect(['stuck', 'time-out']).toContain(
      observe(tangled, { backwardMode: 'fast' }).outcome.outcome,
    );
    for (const { left, outcome } of runs) {
      expect(outcome.outcome).toBe('ok');
      expect(left).toEqual([]);
    }
  });

  test('M6: gradients are those of the same program in one process', () => {
    for (const { outcome } of runs) expect(outcome).toMatchObject(localOutcome(tangled));
  });

  test('M7: a pass that failed takes nothing from the next one, and gives it nothing', () => {
    function* main() {
      return yield* distAutograd.context(function* (context) {
        const x = yield* torch.tensor([2], { requiresGrad: true });
        const gone = yield* torch.sum(yield* rpc.sync('worker1', square, [x]));
        const kept = yield* torch.sum(yield* rpc.sync('worker2', square, [x]));
        yield* distAutograd.backward(context, [gone]);
        const text = yield* caught(distAutograd.backward(context, [gone]));
        yield* distAutograd.backward(context, [kept]);
        return [text, yield* gradientOf(context, x)];
      });
    }
    for (const seed of schedules) {
      const chosen = seed === undefined ? {} : { chooser: randomWalk(seed) };
      const system = systemWith(
        { main, square },
        { backwardMode, profile: 'hardened', workers: 3 },
      );
      const { outcome, views } = play(system, chosen);
      expectQuiet(views);
      const [text, gradient] = (outcome as { readonly value: readonly unknown[] }).value;
      expect(text).toMatch(/Trying to backward through the graph a second time/);
      expect(gradient).toEqual([8]);
    }
  });

  test('M8: a node counts the edges that the roots reach, none of a message that they do not need', () => {
    function* twice(a: Tensor): Program<Tensor> {
      const doubled = yield* torch.add(a, a);
      yield* rpc.sync('worker2', pass, [doubled]);
      return doubled;
    }
    function* pass(a: Tensor): Program<Tensor> {
      return yield* torch.neg(a);
    }
    function* main() {
      return yield* distAutograd.context(function* (context) {
        const x = yield* torch.tensor([2], { requiresGrad: true });
        const there = yield* rpc.sync('worker1', twice, [x]);
        yield* distAutograd.backward(context, [yield* torch.sum(there)]);
        return yield* gradientOf(context, x);
      });
    }
    const counts = new Set<number>();
    const system = systemWith({ main, pass, twice }, { backwardMode, workers: 3 });
    const { outcome } = play(system, {
      onStep: (_, world) => {
        const actor = getIn(world.actors, 'worker1/graph-task-0');
        // cast -- what lives at the address of a pass
        const task = (actor?.local['context'] as GraphTaskContext | undefined)?.task;
        for (const id of task === undefined ? [] : keysOf(task.dependencies)) {
          counts.add(getIn(task?.dependencies ?? emptyMap(), id) ?? 0);
        }
      },
    });
    expect(outcome).toMatchObject({ value: [2] });
    // AddBackward by its one send function, and the recv function by both arguments of the sum.
    expect(counts).toEqual(new Set([1, 2]));
  });

  test('M9: with a retained graph passes from other roots use other messages', () => {
    function* main() {
      return yield* distAutograd.context(function* (context) {
        const x = yield* torch.tensor([1], { requiresGrad: true });
        const roots = [
          yield* torch.sum(yield* rpc.sync('worker1', square, [x])),
          yield* torch.sum(yield* rpc.sync('worker2', square, [x])),
        ];
        const [first, second] = roots;
        const sums: unknown[] = [];
        for (const some of [[first], [second], roots, [first]]) {
          const given = some.flatMap((root) => root ?? []);
          yield* distAutograd.backward(context, given, { retainGraph: true });
          sums.push(yield* gradientOf(context, x));
        }
        return sums;
      });
    }
    const system = systemWith({ main, square }, { backwardMode, workers: 3 });
    expect(returned(system)).toEqual([[2], [4], [8], [10]]);
  });
});

function* square(a: Tensor): Program<Tensor> {
  return yield* torch.mul(a, a);
}
