/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
import { expect, test } from 'vitest';

import { globals, torch } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { leaf, note, refused, times } from './autograd-programs.ts';
import { returned, systemWith } from './play.ts';

test('hooks of tensors change gradients in the order in which they were registered', () => {
  function* main() {
    const x = yield* leaf([1, 2]);
    const y = yield* torch.mul(x, 3);
    yield* torch.autograd.registerHook(y, times, 10);
    const second = yield* torch.autograd.registerHook(y, times, 100);
    yield* torch.autograd.registerHook(x, times, -1);
    yield* torch.backward([yield* torch.sum(y)], { retainGraph: true });
    const first = (yield* torch.grad(x))?.data;
    yield* torch.autograd.removeHook(second);
    yield* torch.setGrad(x);
    yield* torch.backward([yield* torch.sum(y)]);
    return [first, (yield* torch.grad(x))?.data];
  }
  expect(returned(systemWith({ main, times }))).toEqual([
    [-3000, -3000],
    [-30, -30],
  ]);
});

test('hooks run around a node: of tensors, before it, after it, and after the leaf has its gradient', () => {
  function* main() {
    const x = yield* leaf([1]);
    const y = yield* torch.mul(x, 3);
    yield* torch.autograd.registerNodeHook(y, note, 'post');
    yield* torch.autograd.registerNodePrehook(y, note, 'pre');
    yield* torch.autograd.registerHook(y, note, 'tensor');
    yield* torch.autograd.registerPostAccumulateGradHook(x, note, 'accumulated');
    yield* torch.backward([y]);
    return yield* globals.get('noted');
  }
  const noted = ['tensor', 'pre', 'post', 'accumulated'];
  expect(returned(systemWith({ main, note }))).toEqual(noted);
});

test('what hooks may not do is refused with the texts of PyTorch', () => {
  function* long() {
    return yield* torch.ones([3]);
  }
  function* three() {
    yield* torch.ones([1]);
    return 3;
  }
  function* one() {
    return [yield* torch.ones([2])];
  }
  function* main() {
    const x = yield* leaf([1, 2]);
    const y = yield* torch.mul(x, yield* leaf([2, 2]));
    const texts: unknown[] = [];
    for (const hook of [long, three]) {
      const handle = yield* torch.autograd.registerHook(y, hook);
      texts.push(yield* refused(torch.backward([yield* torch.sum(y)], { retainGraph: true })));
      yield* torch.autograd.removeHook(handle);
    }
    yield* torch.autograd.registerNodeHook(y, one);
    texts.push(yield* refused(torch.backward([yield* torch.sum(y)], { retainGraph: true })));
    texts.push(yield* refused(torch.autograd.registerHook(yield* torch.ones([1]), one)));
    texts.push(yield* refused(torch.autograd.retainGrad(yield* torch.ones([1]))));
    texts.push(yield* refused(torch.autograd.queueCallback(one)));
    return texts;
  }
  expect(returned(systemWith({ long, main, one, three }))).toEqual([
    "RuntimeError: hook 'long' has changed the size of value",
    "TypeError: expected Variable, but hook returned 'int'",
    "RuntimeError: hook 'one' has returned an incorrect number of values (got 1, but expected 2)",
    "RuntimeError: cannot register a hook on a tensor that doesn't require gradient",
    "RuntimeError: can't retain_grad on Tensor that has requires_grad=False",
    'RuntimeError: Final callbacks can only be installed during backward pass.',
  ]);
});

test('a result keeps its gradient when it is told to', () => {
  function* main() {
    const x = yield* leaf([1]);
    const y = yield* torch.mul(x, 3);
    const before = yield* torch.autograd.retainsGrad(y);
    yield* torch.autograd.retainGrad(y);
    yield* torch.backward([yield* torch.mul(y, 5)]);
    return [before, yield* torch.autograd.retainsGrad(y), (yield* torch.grad(y))?.data];
  }
  expect(returned(systemWith({ main }))).toEqual([false, true, [5]]);
});

test('gradients have gradients', () => {
  function* main() {
    const x = yield* leaf([1, 2]);
    const y = yield* torch.sum(yield* torch.pow(x, 3));
    const [first] = yield* torch.autograd.grad([y], [x], { createGraph: true });
    if (first === undefined) return [];
    yield* torch.backward([yield* torch.sum(yield* torch.mul(first, first))], {
      createGraph: true,
    });
    const second = yield* torch.grad(x);
    if (second === undefined) return [];
    const [third] = yield* torch.autograd.grad([yield* torch.sum(second)], [x]);
    return [first.data, second.data, second.requiresGrad, third?.data];
  }
  // 3x², then 36x³, then 108x²
  expect(returned(systemWith({ main }))).toEqual([[3, 12], [36, 288], true, [108, 432]]);
});

test('a pass within a pass runs on the same thread', () => {
  function* inner(grad: Tensor): Program<Tensor> {
    const x = yield* leafRecorded();
    yield* torch.backward([yield* torch.mul(x, x)]);
    return yield* torch.mul(grad, (yield* torch.grad(x)) ?? 0);
  }
  function* leafRecorded(): Program<Tensor> {
    return yield* torch.tensor([4], { requiresGrad: true });
  }
  function* main() {
    const x = yield* leaf([1]);
    const y = yield* torch.mul(x, 3);
    yield* torch.autograd.registerHook(y, recordedInner);
    yield* torch.backward([y]);
    return (yield* torch.grad(x))?.data;
  }
  function* recordedInner(grad: Tensor): Program<Tensor> {
    return yield* torch.enableGrad(() => inner(grad));
  }
  expect(returned(systemWith({ main, recordedInner }))).toEqual([24]);
});

test('callbacks are called at the end of the pass that runs, in order', () => {
  function* queue(_: Tensor, name: string) {
    yield* torch.autograd.queueCallback(note, name);
    yield* note('hook');
  }
  function* main() {
    const x = yield* leaf([1]);
    const y = yield* torch.mul(x, 3);
    yield* torch.autograd.registerHook(y, queue, 'first');
    yield* torch.autograd.registerHook(y, queue, 'second');
    yield* torch.autograd.registerPostAccumulateGradHook(x, note, 'leaf');
    yield* torch.backward([y]);
    return yield* globals.get('noted');
  }
  const noted = ['hook', 'hook', 'leaf', 'first', 'second'];
  expect(returned(systemWith({ main, note, queue }))).toEqual(noted);
});

test('a pass that fails keeps the gradients that it had added', () => {
  function* refuse(): Program<never> {
    yield* torch.ones([1]);
    throw new RangeError('no further');
  }
  function* main() {
    const x = yield* leaf([1]);
    const late = yield* leaf([2]);
    const early = yield* torch.mul(x, 5);
    yield* torch.autograd.registerHook(early, refuse);
    const y = yield* torch.add(early, late);
    const text = yield* refused(torch.backward([y]));
    return [text, (yield* torch.grad(late))?.data, yield* torch.grad(x)];
  }
  expect(returned(systemWith({ main, refuse }))).toEqual([
    'RangeError: no further',
    [1],
    undefined,
  ]);
});

test('anomaly mode finds the node that gives what is no number', () => {
  function* main() {
    const x = yield* leaf([0]);
    const y = yield* torch.sqrt(yield* torch.mul(x, 0));
    const zero = yield* torch.mul(y, 0);
    const text = yield* torch.autograd.detectAnomaly(() =>
      refused(torch.backward([zero], { retainGraph: true })),
    );
    return [text, yield* refused(torch.backward([zero]))];
  }
  expect(returned(systemWith({ main }))).toEqual([
    "RuntimeError: Function 'SqrtBackward0' returned nan values in its 0th output.",
    'nothing',
  ]);
});

test('a long graph is gone through', () => {
  function* main() {
    const x = yield* leaf([1]);
    let y = x;
    for (let turn = 0; turn < 520; turn += 1) y = yield* torch.add(y, x);
    yield* torch.backward([y]);
    return (yield* torch.grad(x))?.data;
  }
  expect(returned(systemWith({ main }))).toEqual([521]);
});

/** A product, and a root behind it; the figures below are PyTorch's for it. */
function* product() {
  const a = yield* leaf([1, 2]);
  const b = yield* leaf([3, 4]);
  const y = yield* torch.mul(a, b);
  return { a, b, root: yield* torch.sum(yield* torch.mul(y, a)), y };
}

test('backward with inputs adds to the gradients of these alone, leaves or results', () => {
  function* gradsOf(tensors: readonly Tensor[]) {
    const grads: unknown[] = [];
    for (const each of tensors) grads.push((yield* torch.grad(each))?.data);
    return grads;
  }
  function* forInputs(names: readonly ('a' | 'b' | 'root' | 'y')[]) {
    const made = yield* product();
    yield* torch.backward([made.root], { inputs: names.map((name) => made[name]) });
    return yield* gradsOf([made.a, made.b, made.y, made.root]);
  }
  function* again() {
    const { a, b, root, y } = yield* product();
    yield* torch.backward([root], { inputs: [y], retainGraph: true });
    yield* torch.backward([root]);
    return yield* gradsOf([a, b, y, root]);
  }
  function* unused() {
    const { a, root } = yield* product();
    const c = yield* leaf([1]);
    yield* torch.backward([root], { inputs: [c, yield* torch.mul(c, 2)] });
    return yield* gradsOf([a, c]);
  }
  function* main() {
    return [
      yield* forInputs(['a']),
      yield* forInputs(['y']),
      yield* forInputs(['y', 'a']),
      yield* forInputs(['a', 'a']),
      yield* forInputs(['root']),
      yield* again(),
      yield* unused(),
    ];
  }
  expect(returned(systemWith({ main }))).toEqual([
    [[6, 16], undefined, undefined, undefined],
    [undefined, undefined, [1, 2], undefined],
    [[6, 16], undefined, [1, 2], undefined],
    [[6, 16], undefined, undefined, undefined],
    [undefined, undefined, undefined, [1]],
    [[6, 16], [1, 4], [2, 4], undefined],
    [undefined, undefined],
  ]);
});

test('backward with inputs and grad refuse what PyTorch refuses, and free what they went through', () => {
  function* main() {
    const { a, root, y } = yield* product();
    const constant = yield* torch.tensor([1]);
    const texts = [
      yield* refused(torch.backward([root], { inputs: [] })),
      yield* refused(torch.backward([root], { inputs: [constant] })),
      yield* refused(torch.autograd.grad([root], [])),
      yield* refused(torch.autograd.grad([root], [constant])),
      yield* refused(torch.autograd.grad([y], [a])),
      yield* refused(torch.autograd.grad([y], [a], { gradients: [yield* torch.ones([3])] })),
      yield* refused(torch.autograd.grad([constant], [a])),
      yield* refused(torch.autograd.grad([yield* torch.sum(y)], [yield* leaf([1])])),
    ];
    yield* torch.backward([root], { inputs: [y] });
    return [...texts, yield* refused(torch.backward([root]))];
  }
  const wanted = [
    /^RuntimeError: 'inputs' argument to backward\(\) cannot be empty\.$/,
    /^RuntimeError: can't retain_grad on Tensor that has requires_grad=False$/,
    /^ValueError: grad requires non-empty inputs\.$/,
    /^RuntimeError: One of the differentiated Tensors does not require grad$/,
    /^RuntimeError: grad can be implicitly created only for scalar outputs$/,
    /^RuntimeError: Mismatch in shape: grad_output\[0\] has a shape of torch\.Size\(\[3\]\)/,
    /^RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn$/,
    /^RuntimeError: One of the differentiated Tensors appears to not have been used in the graph\./,
    /^RuntimeError: Trying to backward through the graph a second time/,
  ];
  expect(returned(systemWith({ main }))).toEqual(
    wanted.map((pattern): unknown => expect.stringMatching(pattern)),
  );
});
