import { describe, expect, test } from 'vitest';

import type { Gradient, Tensor } from '../../../machines/engine/graph.ts';
import { tensor, undefinedTensor } from '../../../machines/engine/tensor.ts';
import { getIn, keysOf, mapOf } from '../../../src/core/persistent-map.ts';
import { receive, recvOf, rootOf, sendOf } from './distributed.ts';
import type { Pass } from './pass.ts';
import { createPass } from './pass.ts';
import { createThread, dataOf, idOf, nodeOf } from './thread.ts';

describe('a pass over one worker', () => {
  test('tells the gradient of each leaf and that it is complete', () => {
    const thread = createThread('t');
    const [x, y] = [thread.leaf([2]), thread.leaf([3])];
    const graphRoot = rootOf(thread, [thread.apply('mul', x, thread.apply('sin', y))]);
    const pass = createPass({ graphRoot, sendFunctions: [] });
    pass.start(graphRoot);
    expect(pass.said().toSorted()).toEqual([
      'gradient.captured',
      'gradient.captured',
      'graph-task.completed',
      'nodes.released',
    ]);
    expect(pass.said().at(-1)).toBe('graph-task.completed');
    expect(gradientOf(pass, x)).toEqual([Math.fround(0.14112000167369843)]);
    expect(pass.messages()[0]).toMatchObject({ contextId: 'c0', graphTask: 'worker0/pass-0' });
  });

  test('evaluates leaves first, then what was made last', () => {
    const thread = createThread('t');
    const x = thread.leaf([1, 2]);
    const early = thread.apply('sin', x);
    const late = thread.apply('exp', x);
    const graphRoot = rootOf(thread, [
      thread.apply('sum', thread.apply('add', thread.apply('neg', early), late)),
    ]);
    const pass = createPass({ graphRoot, sendFunctions: [] });
    pass.start(graphRoot);
    expect(evaluated(pass)).toEqual([
      'GraphRoot',
      'SumBackward0',
      'AddBackward0',
      'NegBackward0',
      'ExpBackward0',
      'SinBackward0',
      'AccumulateGrad',
    ]);
  });

  test('releases what was saved, unless the graph is kept', () => {
    const thread = createThread('t');
    const y = thread.apply('exp', thread.leaf([1]));
    const graphRoot = rootOf(thread, [y]);
    const kept = createPass({ graphRoot, keepGraph: true, sendFunctions: [] });
    kept.start(graphRoot);
    expect(kept.said()).toEqual(['gradient.captured', 'graph-task.completed']);
    const pass = createPass({ graphRoot, sendFunctions: [] });
    pass.start(graphRoot);
    const [nodes] = pass.messages().flatMap((each) => (each.type === 'nodes.released' ? each : []));
    expect(keysOf(nodes?.nodes ?? {})).toEqual([nodeOf(y).id]);
  });

  test('fails on a graph that was released', () => {
    const thread = createThread('t');
    const y = thread.apply('exp', thread.leaf([1]));
    const graphRoot = rootOf(thread, [y]);
    const released = mapOf([[nodeOf(y).id, true] as const]);
    const pass = createPass({ graphRoot, released, sendFunctions: [] });
    pass.start(graphRoot);
    expect(pass.messages()).toMatchObject([
      {
        failure: {
          message: expect.stringMatching(/^Trying to backward through the graph a second time/),
          node: 'ExpBackward0',
          type: 'RuntimeError',
        },
        type: 'graph-task.failed',
      },
    ]);
  });
});

describe('a pass over several workers', () => {
  test('sends the gradients of what was received, zeros where nothing came', () => {
    const thread = createThread('t');
    const { node, tensors } = recvOf(thread, [thread.leaf([1, 2]), thread.leaf([3], [1, 1])]);
    const graphRoot = rootOf(thread, [thread.apply('sum', tensors[0] ?? 0)]);
    const pass = createPass({ graphRoot, keepGraph: true, sendFunctions: [] });
    pass.start(graphRoot);
    expect(node.name).toBe('RecvRpcBackward');
    expect(pass.messages()).toMatchObject([
      {
        autogradMessageId: 'in',
        grads: [
          { data: [1, 1], shape: [2] },
          { data: [0], shape: [1, 1] },
        ],
        retainGraph: true,
        toWorker: 'worker1',
        type: 'gradient.sent',
      },
      { type: 'graph-task.completed' },
    ]);
  });

  test('does not complete before each send function was fed', () => {
    const { graphRoot, sends, x } = twoSends();
    const pass = createPass({ graphRoot, sendFunctions: sends });
    pass.start(graphRoot);
    expect(pass.said()).toEqual([]);
    pass.start(sends[0], [tensor([10])]);
    expect(pass.said()).toEqual([]);
    expect(pass.task.getSnapshot().value).toBe('running');
    pass.start(sends[1], [tensor([100])]);
    expect(pass.said()).toEqual(['gradient.captured', 'graph-task.completed']);
    expect(gradientOf(pass, x)).toEqual([-111]);
  });

  test('lets two loops run at once, each with a queue of its own', () => {
    const { graphRoot, sends, x } = twoSends();
    const pass = createPass({ graphRoot, sendFunctions: sends });
    pass.task.on('node.evaluated', ({ name }) => {
      if (name !== 'GraphRoot') return;
      pass.start(sends[0], [tensor([10])]);
      pass.start(sends[1], [tensor([100])]);
    });
    pass.start(graphRoot);
    const loops = pass
      .announcements()
      .flatMap((each) => (each.type === 'node.evaluated' ? [each] : []));
    expect(loops.map(({ loop, name }) => `${loop} ${name}`)).toEqual([
      'loop-0 GraphRoot',
      'loop-0 NegBackward0',
      'loop-1 SendRpcBackward',
      'loop-2 SendRpcBackward',
      'loop-1 NegBackward0',
      'loop-2 NegBackward0',
      'loop-2 AccumulateGrad',
    ]);
    expect(loops.map(({ queueLengths }) => queueLengths.length)).toEqual([1, 2, 2, 2, 1, 1, 0]);
    expect(gradientOf(pass, x)).toEqual([-111]);
    expect(pass.said().at(-1)).toBe('graph-task.completed');
  });

  test('runs a node to which only undefined gradients came', () => {
    const thread = createThread('t');
    const y = thread.apply('neg', receive(thread, [1, 2]));
    const sendFunction = sendOf(thread, [y]);
    const graphRoot = rootOf(thread, []);
    const pass = createPass({ graphRoot, sendFunctions: [sendFunction] });
    pass.task.send({
      type: 'loop.started',
      increment: false,
      inputs: [undefinedTensor],
      node: nodeOf(y),
    });
    expect(pass.messages()).toMatchObject([
      { grads: [{ data: [0, 0] }], type: 'gradient.sent' },
      { type: 'graph-task.completed' },
    ]);
  });

  test('lives on when it is complete, and a late gradient changes nothing any more', () => {
    const { graphRoot, sends } = twoSends();
    const pass = createPass({ graphRoot, sendFunctions: sends });
    pass.start(graphRoot);
    pass.start(sends[0], [tensor([1])]);
    pass.start(sends[1], [tensor([1])]);
    const before = pass.said();
    pass.start(sends[1], [tensor([1])]);
    pass.task.send({ type: 'task.failed', message: 'too late' });
    expect(pass.said()).toEqual(before);
    expect(pass.task.getSnapshot()).toMatchObject({ status: 'active', value: 'completed' });
  });
});

describe('a pass fails', () => {
  test('with the error of another worker as it is, and the first error stays', () => {
    const { graphRoot, sends } = twoSends();
    const pass = createPass({ graphRoot, sendFunctions: sends });
    pass.task.send({ type: 'task.failed', message: 'Error on Node 2: gone' });
    pass.task.send({ type: 'task.failed', message: 'Error on Node 1: gone too' });
    pass.start(graphRoot);
    expect(pass.messages()).toMatchObject([
      {
        failure: { message: 'Error on Node 2: gone', type: 'RuntimeError' },
        type: 'graph-task.failed',
      },
    ]);
    expect(evaluated(pass)).toEqual([]);
  });

  test('when an error comes between two turns, what waits is dropped', () => {
    const { graphRoot, sends } = twoSends();
    const pass = createPass({ graphRoot, sendFunctions: sends });
    pass.task.on('node.evaluated', () => {
      pass.task.send({ type: 'task.failed', message: 'gone' });
    });
    pass.start(graphRoot);
    expect(evaluated(pass)).toEqual(['GraphRoot']);
    expect(pass.said()).toEqual(['graph-task.failed']);
    expect(pass.task.getSnapshot().context.loops).toEqual({});
  });

  test('at a send function whose gradients were taken already', () => {
    const { graphRoot, sends } = twoSends();
    const pass = createPass({ graphRoot, sendFunctions: sends });
    pass.start(sends[0], [tensor([1])]);
    pass.task.send({ type: 'loop.started', increment: false, inputs: [], node: sends[0] });
    expect(failureOf(pass)).toBe(
      'Function SendRpcBackward returned an invalid number of gradients - expected 1, but got 0',
    );
  });

  test('at a send function that got a gradient twice', () => {
    const { graphRoot, sends } = twoSends();
    const pass = createPass({ graphRoot, sendFunctions: sends });
    pass.start(sends[0], [tensor([1])]);
    pass.start(sends[0], [tensor([1])]);
    expect(failureOf(pass)).toBe('dependency not found for NegBackward0');
  });

  test('at a send function with a gradient that is not there, or does not fit', () => {
    const { graphRoot, sends } = twoSends();
    const undefinedPass = createPass({ graphRoot, sendFunctions: sends });
    undefinedPass.start(sends[0], [undefinedTensor]);
    expect(failureOf(undefinedPass)).toBe("BUG!: SendRpcBackward didn't receive valid gradients");
    const pass = createPass({ graphRoot, sendFunctions: sends });
    const { node } = recvOf(createThread('u'), []);
    expect(node.inputMetadata).toEqual([]);
    pass.start(sends[0], [tensor([1]), tensor([2])]);
    expect(failureOf(pass)).toBe(
      'Function SendRpcBackward returned an invalid number of gradients - expected 1, but got 2',
    );
  });

  test('at a send function that was made after the pass began', () => {
    const { graphRoot, sends } = twoSends();
    const pass = createPass({ graphRoot, sendFunctions: [sends[0]] });
    pass.start(sends[1], [tensor([1])]);
    expect(failureOf(pass)).toBe('_Map_base::at');
  });

  test('at a recv function whose context is gone', () => {
    const thread = createThread('t');
    const graphRoot = rootOf(thread, [thread.apply('neg', receive(thread, [1]))]);
    const pass = createPass({ graphRoot, sendFunctions: [] });
    pass.task.send({ type: 'context.released' });
    pass.start(graphRoot);
    expect(failureOf(pass)).toMatch(/^Autograd context no longer valid! .* before RecvRcpBackward/);
  });

  test('when all is done and a node still waits for a gradient', () => {
    const { graphRoot, sends } = twoSends();
    const state = { outstandingTasks: 0 };
    const pass = createPass({ graphRoot, sendFunctions: sends, state });
    pass.start(graphRoot);
    expect(failureOf(pass)).toBe('could not compute gradients for some functions');
  });
});

/** One leaf whose negative is the root of one pass and went out in two messages. */
function twoSends() {
  const thread = createThread('t');
  const x = thread.leaf([2]);
  const [first, second, third] = [x, x, x].map((each) => thread.apply('neg', each));
  const sends = [first, second].map((each) => sendOf(thread, [scalarOf(each)]));
  const graphRoot = rootOf(thread, [scalarOf(third)]);
  const [early, late] = sends;
  if (early === undefined || late === undefined) throw new Error('no two sends');
  return { graphRoot, sends: [early, late] as const, x };
}

function scalarOf(value: Tensor | undefined): Tensor {
  return value ?? tensor([]);
}

function gradientOf(pass: Pass, leaf: Tensor): readonly number[] | undefined {
  const gradient: Gradient | undefined = getIn(pass.gradients(), idOf(leaf));
  return dataOf(gradient);
}

function evaluated(pass: Pass): readonly string[] {
  return pass
    .announcements()
    .flatMap((each) => (each.type === 'node.evaluated' ? [each.name] : []));
}

function failureOf(pass: Pass): string | undefined {
  expect(pass.said()).toEqual(['graph-task.failed']);
  const [message] = pass.messages();
  return message?.type === 'graph-task.failed' ? message.failure.message : undefined;
}
