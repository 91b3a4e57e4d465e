/**
 * Laws over random programs: a list of steps, each of which applies an operator to two earlier values.
 * Whatever the program, the machine gives what the plain engine gives, and each node runs at most once.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { AutogradNode, SendRpcBackwardNode, Tensor } from '../../../machines/engine/graph.ts';
import type { OperatorName } from '../../../machines/engine/operators.ts';
import { entriesOf } from '../../../src/core/persistent-map.ts';
import { rootOf, sendOf } from './distributed.ts';
import { backwardLocally } from './local-passes.ts';
import type { Pass } from './pass.ts';
import { createPass } from './pass.ts';
import type { Thread } from './thread.ts';
import { createThread } from './thread.ts';

const binary: readonly OperatorName[] = ['add', 'sub', 'mul', 'matmul'];
const unary: readonly OperatorName[] = ['neg', 'sin', 'tanh', 'relu', 'transpose', 'clone'];

const program = fc.array(
  fc.record({ op: fc.constantFrom(...binary, ...unary), first: fc.nat(), second: fc.nat() }),
  { minLength: 1, maxLength: 12 },
);

type Program = typeof program extends fc.Arbitrary<infer Steps> ? Steps : never;

test('a graph task gives the gradients of the plain engine, to the bit', () => {
  fc.assert(
    fc.property(program, (steps) => {
      const thread = createThread('t');
      const roots = rootsOf(thread, run(thread, steps));
      const pass = passOver(rootOf(thread, roots), []);
      const wanted = backwardLocally(roots).gradients;
      expect([...entriesOf(pass.gradients())]).toEqual([...entriesOf(wanted)]);
      expect(pass.said().at(-1)).toBe('graph-task.completed');
    }),
  );
});

test('whatever the order in which gradients arrive, each node runs once and the pass completes once', () => {
  fc.assert(
    fc.property(program, fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), (steps, order) => {
      const thread = createThread('t');
      const values = run(thread, steps);
      const sends = order.map((_, index) =>
        sendOf(thread, [values.at(-index) ?? thread.leaf([1])]),
      );
      const graphRoot = rootOf(thread, rootsOf(thread, values));
      const starts = [graphRoot, ...sends].toSorted(
        (a, b) => rank(order, a.sequenceNr) - rank(order, b.sequenceNr),
      );
      const pass = passOver(graphRoot, sends, starts);
      const ran = pass
        .announcements()
        .flatMap((each) => (each.type === 'node.evaluated' ? [each.node] : []));
      expect(new Set(ran).size).toBe(ran.length);
      expect(pass.said().filter((type) => type.startsWith('graph-task.'))).toEqual([
        'graph-task.completed',
      ]);
      expect(pass.task.getSnapshot().context.task).toMatchObject({
        dependencies: {},
        notReady: {},
        outstandingTasks: 0,
      });
    }),
  );
});

/** Gradients of one for each send function, in the given order of starts. */
function passOver(
  graphRoot: AutogradNode,
  sends: readonly SendRpcBackwardNode[],
  starts: readonly AutogradNode[] = [graphRoot],
): Pass {
  const pass = createPass({ graphRoot, keepGraph: true, sendFunctions: sends });
  for (const node of starts) pass.start(node, node.inputMetadata.map(ones));
  return pass;
}

function ones({ shape }: { readonly shape: readonly number[] }): Tensor {
  const { apply, leaf } = createThread('gradient');
  const size = shape.reduce((product, each) => product * each, 1);
  return apply('detach', leaf(Array.from<number>({ length: size }).fill(1), shape));
}

/** All values of the program, the three leaves first. */
function run(thread: Thread, steps: Program): readonly Tensor[] {
  const values: Tensor[] = [0.5, -0.25, 0.125].map((unit) =>
    thread.leaf([unit, 1, -1, unit], [2, 2]),
  );
  for (const { first, op, second } of steps) {
    const pick = (choice: number) => values[choice % values.length] ?? 0;
    const args = binary.includes(op) ? [pick(first), pick(second)] : [pick(first)];
    values.push(thread.apply(op, ...args));
  }
  return values;
}

function rootsOf(thread: Thread, values: readonly Tensor[]): readonly Tensor[] {
  return values.slice(-2).map((value) => thread.apply('sum', value));
}

function rank(order: readonly number[], sequenceNr: number): number {
  return order[sequenceNr % order.length] ?? 0;
}
