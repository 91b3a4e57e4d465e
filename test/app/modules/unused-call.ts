/** A backward pass whose loss does not depend on one of the calls of its context: FAST mode waits for ever. */
import {
  cluster,
  clusterParams,
  clusterSetting,
  distAutograd,
  rpc,
  torch,
} from '../../../actors/index.ts';
import type { Operand } from '../../../actors/index.ts';
import { defineFunctions, defineSystem } from '../../../src/index.ts';

const functions = defineFunctions({ add, train });

function* add(left: Operand, right: Operand) {
  return yield* torch.add(left, right);
}

function* train() {
  return yield* distAutograd.context(function* (context) {
    const weight = yield* torch.tensor([1, 2], { requiresGrad: true });
    const used = yield* rpc.sync('worker1', add, [weight, weight]);
    yield* rpc.sync('worker1', add, [weight, 1]);
    yield* distAutograd.backward(context, [yield* torch.sum(used)]);
    return 'done';
  });
}

export const scenario = {
  description: 'a call whose result nobody uses',
  make: (params: Parameters<typeof clusterSetting>[0]) =>
    defineSystem(
      cluster({
        ...clusterSetting(params),
        functions,
        main: { worker0: functions.toCall('train', []) },
        name: 'unused-call',
        workers: 2,
      }),
    ),
  params: clusterParams,
};
