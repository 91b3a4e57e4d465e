/**
 * A chain of 100,000 nodes: deeper than any stack of JavaScript, so whatever walks the graph must not
 * recurse. The cost of a node is printed, not asserted.
 */
import { expect, test } from 'vitest';

import { computeDependencies } from '../../../machines/engine/dependencies.ts';
import { newFrame } from '../../../machines/engine/frame.ts';
import { newContext, startLoop, turnLoop } from '../../../machines/engine/graph-task-context.ts';
import type { Tensor } from '../../../machines/engine/graph.ts';
import { autogradContextId, graphTaskId, threadId } from '../../../machines/engine/ids.ts';
import { graphRoot } from '../../../machines/engine/node.ts';
import { validateRoots } from '../../../machines/engine/roots.ts';
import { canonical } from '../../../src/core/canonical.ts';
import { digest, formatDigest } from '../../../src/core/digest.ts';
import { getIn, sizeOf } from '../../../src/core/persistent-map.ts';
import { backwardLocally } from './local-passes.ts';
import { createThread, dataOf, idOf } from './thread.ts';

test.each([1_000, 100_000])('a chain of %i nodes is recorded, hashed and gone through', (size) => {
  const started = performance.now();
  const { leaf, value } = chainOf(size);
  const recorded = performance.now();
  expect(formatDigest(digest(canonical({ value })))).toMatch(/^[0-9a-f]{16}$/);
  const { gradients, released } = backwardLocally([value]);
  const done = performance.now();
  expect(dataOf(getIn(gradients, idOf(leaf)))).toEqual([size % 2 === 0 ? 1 : -1]);
  expect(sizeOf(released)).toBe(size / 2);
  const each = (span: number) => `${((span * 1_000) / size).toFixed(1)} us`;
  console.info(
    `${size} nodes: record ${each(recorded - started)}, backward ${each(done - recorded)} a node`,
  );
});

test.each([1_000, 5_000])('a graph task goes through %i nodes one a turn', (size) => {
  const { leaf, value } = chainOf(size);
  const started = performance.now();
  const { edges, grads } = validateRoots([value]);
  const { node } = graphRoot({ edges, frame: newFrame(threadId('root')), grads });
  const first = startLoop(
    newContext({
      ...computeDependencies({ graphRoot: node, sendFunctions: [] }),
      contextId: autogradContextId('c0'),
      id: graphTaskId('g0'),
      keepGraph: false,
      workerId: 'worker0',
    }),
    { increment: true, inputs: [], node },
  );
  let turned = turnLoop(first.context, first.loop);
  let turns = 1;
  for (; !turned.isOver; turns += 1) {
    const context = canonical(turned.context);
    digest(context);
    turned = turnLoop(context, first.loop);
  }
  const { context, reports } = turned;
  expect(reports).toMatchObject([
    { type: 'gradient.captured', variable: idOf(leaf) },
    { type: 'nodes.released' },
  ]);
  expect(turns).toBe(size + 2);
  expect(context.task).toMatchObject({ dependencies: {}, notReady: {}, outstandingTasks: 0 });
  const each = ((performance.now() - started) * 1_000) / size;
  console.info(`${size} nodes: ${each.toFixed(1)} us a turn, canonical and hashed`);
});

/** Minus one and one in turn: the gradient stays one in size. */
function chainOf(size: number): { readonly leaf: Tensor; readonly value: Tensor } {
  const { apply, leaf } = createThread('t');
  const start = leaf([1]);
  let value = start;
  for (let index = 0; index < size / 2; index += 1) {
    value = apply('neg', apply('mul', value, 1));
  }
  return { leaf: start, value };
}
