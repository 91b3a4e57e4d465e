import { describe, expect, test } from 'vitest';

import { autogradContextId, autogradMessageId } from '../../../machines/engine/ids.ts';
import { recvRpcBackward } from '../../../machines/engine/node.ts';
import { validateRoots } from '../../../machines/engine/roots.ts';
import { scalar, tensor, undefinedTensor, wireTensor } from '../../../machines/engine/tensor.ts';
import { getIn, keysOf, sizeOf } from '../../../src/core/persistent-map.ts';
import { backwardLocally, gradLocally } from './local-passes.ts';
import { createThread, dataOf, idOf, nodeOf } from './thread.ts';

const secondTime = /^Trying to backward through the graph a second time \(or directly access/;

describe('backward', () => {
  test('gives each leaf its gradient', () => {
    const { apply, leaf } = createThread('t');
    const [x, y] = [leaf([1, 2]), leaf([3, 4])];
    const { gradients } = backwardLocally([apply('sum', apply('mul', x, apply('add', x, y)))]);
    expect(dataOf(getIn(gradients, idOf(x)))).toEqual([5, 8]);
    expect(dataOf(getIn(gradients, idOf(y)))).toEqual([1, 2]);
  });

  test('starts from several roots at once, from a given gradient, and from a leaf', () => {
    const { apply, leaf } = createThread('t');
    const x = leaf([2]);
    const roots = [apply('mul', x, x), apply('neg', x), x];
    const gradients = [undefinedTensor, tensor([10]), undefinedTensor];
    expect(dataOf(getIn(backwardLocally(roots, { gradients }).gradients, idOf(x)))).toEqual([-5]);
  });

  test('goes through a graph once, unless it is kept', () => {
    const { apply, leaf } = createThread('t');
    const x = leaf([2]);
    const y = apply('mul', x, x);
    const kept = backwardLocally([y], { keepGraph: true });
    expect(sizeOf(kept.released)).toBe(0);
    const { released } = backwardLocally([y], { released: kept.released });
    expect(keysOf(released)).toEqual([nodeOf(y).id]);
    expect(() => backwardLocally([y], { released })).toThrow(secondTime);
  });

  test('goes through nodes that saved no tensor as often as one likes', () => {
    const { apply, leaf } = createThread('t');
    const x = leaf([2, 3]);
    const root = apply('sum', apply('add', x, x));
    const { released } = backwardLocally([root]);
    expect(sizeOf(released)).toBe(0);
    expect(dataOf(getIn(backwardLocally([root], { released }).gradients, idOf(x)))).toEqual([2, 2]);
  });

  test('refuses a gradient that is not a number if asked to', () => {
    const { apply, leaf } = createThread('t');
    const root = apply('mul', leaf([0]), leaf([Infinity]));
    const gradients = [tensor([0])];
    expect(() => backwardLocally([root], { gradients, anomalyMode: true })).toThrow(
      "Function 'MulBackward0' returned nan values in its 0th output.",
    );
    expect(() => backwardLocally([root], { gradients })).not.toThrow();
  });

  test('refuses roots as PyTorch does', () => {
    const { apply, leaf } = createThread('t');
    const x = leaf([1, 2]);
    expect(() => backwardLocally([apply('neg', x)])).toThrow(
      'grad can be implicitly created only for scalar outputs',
    );
    expect(() => backwardLocally([scalar(1)])).toThrow(
      'element 0 of tensors does not require grad and does not have a grad_fn',
    );
    expect(() => backwardLocally([apply('neg', x)], { gradients: [tensor([1])] })).toThrow(
      'Mismatch in shape: grad_output[0] has a shape of torch.Size([1]) ' +
        'and output[0] has a shape of torch.Size([2]).',
    );
  });

  test('cannot leave the worker', () => {
    const { apply, frame, leaf } = createThread('t');
    const { tensors } = recvRpcBackward({
      autogradMessageId: autogradMessageId('m'),
      contextId: autogradContextId('c'),
      frame: frame(),
      fromWorker: 'worker1',
      tensors: [wireTensor(leaf([1]))],
    });
    expect(() => backwardLocally([apply('neg', tensors[0] ?? 0)])).toThrow(
      'graphTask_ INTERNAL ASSERT FAILED',
    );
  });
});

describe('grad', () => {
  test('gives the gradients by leaves and by what lies between', () => {
    const { apply, leaf } = createThread('t');
    const [x, w] = [leaf([2]), leaf([5])];
    const y = apply('mul', x, x);
    const { grads } = gradLocally({ outputs: [apply('mul', y, w)], inputs: [y, x, w, y] });
    expect(grads.map(dataOf)).toEqual([[5], [20], [4], [5]]);
  });

  test('runs only what leads to an input', () => {
    const { apply, leaf } = createThread('t');
    const [x, w] = [leaf([2]), leaf([5])];
    const aside = apply('sin', w);
    const { released } = gradLocally({ outputs: [apply('mul', x, aside)], inputs: [x] });
    expect(keysOf(released)).not.toContain(nodeOf(aside).id);
  });

  test('refuses inputs as PyTorch does', () => {
    const { apply, leaf } = createThread('t');
    const [x, unused] = [leaf([2]), leaf([5])];
    const outputs = [apply('mul', x, x)];
    expect(() => gradLocally({ outputs, inputs: [] })).toThrow('grad requires non-empty inputs.');
    expect(() => gradLocally({ outputs, inputs: [scalar(1)] })).toThrow(
      'One of the differentiated Tensors does not require grad',
    );
    expect(() => gradLocally({ outputs, inputs: [unused] })).toThrow(
      'One of the differentiated Tensors appears to not have been used in the graph. ' +
        'Set allow_unused=True if this is the desired behavior.',
    );
    const { grads } = gradLocally({ allowUnused: true, outputs, inputs: [unused] });
    expect(grads).toEqual([undefinedTensor]);
  });
});

describe('the roots of a distributed pass', () => {
  test('are scalars that were computed, and get a gradient of one', () => {
    const { apply, leaf } = createThread('t');
    const x = leaf([1, 2]);
    const root = apply('sum', x);
    expect(validateRoots([root])).toMatchObject({
      edges: [{ inputNr: 0, node: { name: 'SumBackward0' } }],
      grads: [{ data: [1], shape: [] }],
    });
    expect(() => validateRoots([])).toThrow('No tensors provided for gradient computation.');
    expect(() => validateRoots([root, scalar(1)])).toThrow('requires_grad not set on root');
    expect(() => validateRoots([apply('neg', x)])).toThrow(
      ' is not a scalar, all roots need to be scalar',
    );
    expect(() => validateRoots([leaf([1])], 'loss')).toThrow(
      'loss does not have a valid gradient function.',
    );
  });
});
