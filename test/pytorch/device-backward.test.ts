/** PyTorch's test of gradients between devices (group P of the inventory), on symbolic devices. */
import { expect, test } from 'vitest';

import { distAutograd, rpc, tensorPipeRpcBackendOptions, torch } from '../../actors/index.ts';
import { distInit, nextOf } from './fixture.ts';

test('TensorPipeCudaDistAutogradTest.test_device_maps_backward_pass: gradients go back by the map', () => {
  const { workers } = distInit(
    function* body(rank) {
      const options = { device: rank, requiresGrad: true };
      const leaves = [
        yield* torch.tensor([1, 2, 3], options),
        yield* torch.tensor([4, 5, 6], options),
      ] as const;
      yield* distAutograd.context(function* pass(contextId) {
        const result = yield* rpc.sync(nextOf(rank), torch.add, leaves);
        expect(result.device).toBe(`cuda:${rank}`);
        yield* distAutograd.backward(contextId, [yield* torch.sum(result)]);
        const gradients = yield* distAutograd.getGradients(contextId);
        for (const leaf of leaves) {
          expect(distAutograd.gradientOf(gradients, leaf)).toMatchObject({
            data: [1, 1, 1],
            device: `cuda:${rank}`,
          });
        }
      });
    },
    {},
    {
      devices: {
        count: 4,
        options: ({ id }) =>
          tensorPipeRpcBackendOptions().setDeviceMap(nextOf(id), { [id]: (id + 1) % 4 }),
      },
    },
  );
  for (const { devices } of workers) expect(devices?.streams.race).toBeUndefined();
});
