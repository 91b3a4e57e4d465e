import { cluster, rpc, tensorPipeRpcBackendOptions, torch } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A worker is called while it does not yet know where tensors of its peers lie. */
export const exhibit: Exhibit = {
  id: 'reverse-device-map-late',
  title: 'a worker answers before it knows the device maps of its peers',
  of: 'PyTorch',
  component: 'init',
  tier: 2,
  isLive: false,
  when: 'fixed by #58753',
  variant: 'init.lateReverseMap',
  links: [
    'https://github.com/pytorch/pytorch/issues/45088',
    'https://github.com/pytorch/pytorch/pull/58753',
  ],
  happens:
    'Where a tensor in an answer belongs is said by the device map of whoever called, which workers ' +
    'asked each other for once they listened. A request that comes before it is answered with an ' +
    'error.',
  fix: 'Device maps are exchanged before anybody listens.',
  property: 'P13',
  system: (isOn) =>
    cluster({
      workers: 2,
      ...hardened(['init.lateReverseMap'], isOn),
      devices: {
        count: 2,
        options: {
          worker0: tensorPipeRpcBackendOptions().setDeviceMap('worker1', { 0: 1 }),
        },
      },
      functions,
      main: { worker0: functions.toCall('call', []) },
    }),
};

const functions = defineFunctions({ call, makeThere });

function* makeThere() {
  return yield* torch.ones([1], { device: 1 });
}

function* call(): Program<void> {
  yield* rpc.sync('worker1', makeThere, []);
}
