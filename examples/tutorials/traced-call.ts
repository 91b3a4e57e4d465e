/**
 * One call from worker 0 to worker 1 inside of an autograd context, and its backward pass: the smallest
 * program in which gradients travel.
 *
 * @see PyTorch, "Distributed Autograd Design", "Autograd recording during the forward pass".
 */
import { cluster, distAutograd, rpc, torch } from '../../actors/index.ts';
import type { ClusterSetting, Operand } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';

/** The cluster; worker 0 ends with the loss and the gradients of both leaves. */
export function tracedCall(setting: ClusterSetting = {}): SystemDefinition {
  return {
    ...cluster({
      ...setting,
      functions,
      main: { worker0: functions.toCall('train', []) },
      workers: 2,
    }),
    name: 'traced-call',
  };
}

const functions = defineFunctions({ add, train });

function* add(left: Operand, right: Operand) {
  return yield* torch.add(left, right);
}

function* train() {
  return yield* distAutograd.context(function* (context) {
    const left = yield* torch.tensor([1, 2], { requiresGrad: true });
    const right = yield* torch.tensor([3, 4], { requiresGrad: true });
    const sum = yield* rpc.sync('worker1', add, [left, right]);
    const loss = yield* torch.sum(sum);
    yield* distAutograd.backward(context, [loss]);
    const gradients = yield* distAutograd.getGradients(context);
    return {
      loss: loss.data,
      left: distAutograd.gradientOf(gradients, left)?.data,
      right: distAutograd.gradientOf(gradients, right)?.data,
    };
  });
}
