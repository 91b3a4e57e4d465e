/**
 * Functions of user code that a backward pass calls at a node, and what becomes of what they give.
 *
 * @see PyTorch, `torch/csrc/autograd/python_hook.cpp`; `function_hook.h`.
 */
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { getIn } from '../../src/core/persistent-map.ts';
import type { AutogradNode, Gradient, Tensor } from './graph.ts';
import { typeNameOf } from './python-types.ts';
import { isSameShape, isTensor, undefinedTensor } from './tensor.ts';
import { TorchError, torchCheck } from './torch-error.ts';

/** A function by its name, and arguments that follow those of the engine. */
export interface UserCall {
  readonly args: readonly unknown[];
  readonly fn: string;
}

/** What is called at a node, and when. */
export type Hook = { readonly nr: number } &
  /** Before it, with one gradient that arrived, which it may replace. */
  (
    | { readonly type: 'tensor'; readonly call: UserCall; readonly inputNr: number }
    /** Before it: a gradient that arrived is kept under this name. Nothing is called. */
    | { readonly type: 'retain-grad'; readonly inputNr: number; readonly variable: string }
    /** Before it, with all gradients that arrived, which it may replace. */
    | { readonly type: 'pre'; readonly call: UserCall }
    /** After it, with what it gave, which it may replace, and what had arrived. */
    | { readonly type: 'post'; readonly call: UserCall }
    /** After the gradient of a leaf was added to those before. */
    | { readonly type: 'post-accumulate'; readonly call: UserCall }
  );

/** The hooks of nodes by their names, in the order in which they were registered. */
export type Hooks = PersistentMap<readonly Hook[]>;

/** The order of PyTorch's `call_function`. */
const before: readonly Hook['type'][] = ['tensor', 'retain-grad', 'pre'];
const after: readonly Hook['type'][] = ['post', 'post-accumulate'];

/** What is called before a node runs, in order. */
export function hooksBefore(hooks: Hooks, node: AutogradNode): readonly Hook[] {
  return sorted(hooks, node, before);
}

/** What is called after a node ran, in order. */
export function hooksAfter(hooks: Hooks, node: AutogradNode): readonly Hook[] {
  return sorted(hooks, node, after);
}

function sorted(hooks: Hooks, { id }: AutogradNode, order: readonly Hook['type'][]) {
  const all = getIn(hooks, id) ?? [];
  return order.flatMap((type) => all.filter((hook) => hook.type === type));
}

/** A gradient as user code sees it. */
export function shownGradient(grad: Gradient): Tensor | undefined {
  return grad.type === 'tensor' ? grad : undefined;
}

/** What a hook of one tensor gave instead of its gradient; nothing leaves it as it was. */
export function replaced(grad: Gradient, answer: unknown, name: string): Gradient {
  if (answer === undefined) return grad;
  torchCheck(grad.type === 'tensor', "can't replace a None gradient with a non-None value");
  if (!isTensor(answer)) {
    throw new TorchError(
      'TypeError',
      `expected Variable, but hook returned '${typeNameOf(answer)}'`,
    );
  }
  torchCheck(isSameShape(answer.shape, grad.shape), `hook '${name}' has changed the size of value`);
  torchCheck(
    answer.dtype === grad.dtype && answer.device === grad.device,
    `hook '${name}' has changed the type of value`,
  );
  return answer;
}

/** What a hook of a node gave instead of its gradients. */
export function allReplaced(
  grads: readonly Gradient[],
  answer: unknown,
  name: string,
): readonly Gradient[] {
  if (answer === undefined) return grads;
  if (!Array.isArray(answer)) {
    if (grads.length === 1) return grads.map((grad) => replaced(grad, answer, name));
    throw new TorchError('TypeError', `expected tuple, but hook returned '${typeNameOf(answer)}'`);
  }
  torchCheck(
    answer.length === grads.length,
    `hook '${name}' has returned an incorrect number of values (got ${answer.length}, but expected ` +
      `${grads.length})`,
  );
  return grads.map((grad, index) => replaced(grad, answer[index], name));
}

/** What the backward of user code gave, one for each input; more than those must be nothing. */
export function customOutputs(node: AutogradNode, answer: unknown): readonly Gradient[] {
  const given: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  const wanted = node.nextEdges.length;
  const isTooLong = given.slice(wanted).some((each) => each !== undefined);
  torchCheck(
    given.length >= wanted && !isTooLong,
    `function ${node.name} returned an incorrect number of gradients (expected ${wanted}, got ` +
      `${given.length})`,
  );
  return given.slice(0, wanted).map((each) => {
    if (each === undefined) return undefinedTensor;
    if (isTensor(each)) return each;
    throw new TorchError('RuntimeError', `expected Variable or None (got ${typeNameOf(each)})`);
  });
}
