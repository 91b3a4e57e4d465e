/** Maps of devices, and what workers tell one another of them. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { cudaDevices, deviceNamed } from '../../../machines/devices/device.ts';
import type { DeviceMember } from '../../../machines/devices/exchange.ts';
import { exchangeDevices, validateDevices } from '../../../machines/devices/exchange.ts';
import {
  inverse,
  noDeviceOptions,
  setDeviceMap,
  setDevices,
  toDeviceMap,
} from '../../../machines/devices/maps.ts';
import { mappedDevices, unusedDeviceError } from '../../../machines/devices/transfer.ts';

test('a device is named as PyTorch names it', () => {
  expect([0, '1', 'cuda', 'cuda:7', 'cpu'].map((given) => deviceNamed(given))).toEqual([
    'cuda:0',
    'cuda:1',
    'cuda:0',
    'cuda:7',
    'cpu',
  ]);
  for (const given of ['gpu', 'cuda:', 'cuda:-1', 'cuda:01', 'cuda:x', '', 'cpu:1x']) {
    expect(() => deviceNamed(given)).toThrow(`Invalid device string: '${given}'`);
  }
  expect(() => deviceNamed(-3)).toThrow('Device index must not be negative');
});

test('a map goes one to one', () => {
  expect(() => toDeviceMap({ 0: 1, 2: 1 })).toThrow(
    '`device_map` only supports 1-to-1 mapping, trying to map cuda:2 and cuda:0 to cuda:1',
  );
  const options = setDeviceMap(noDeviceOptions, { map: { 0: 1 }, to: 'b' });
  expect(() => setDeviceMap(options, { map: { 0: 2 }, to: 'b' })).toThrow(
    '`set_device_map` only supports 1-to-1 mapping, trying to map cuda:0 to cuda:2 and cuda:1',
  );
  expect(setDeviceMap(options, { map: { 0: 1, 2: 0 }, to: 'b' }).deviceMaps['b']).toEqual({
    'cuda:0': 'cuda:1',
    'cuda:2': 'cuda:0',
  });
  expect(() => setDevices(options, [0, 'cpu'])).toThrow(
    '`set_devices` expect a list of CUDA devices, but got device type cpu.',
  );
});

function member(name: string, given: Partial<DeviceMember> = {}): DeviceMember {
  return { count: 2, deviceMaps: {}, devices: [], name, ...given };
}

describe('what workers say of their devices', () => {
  const map = { 'cuda:0': 'cuda:1' };

  test.each<[string, readonly DeviceMember[]]>([
    [
      "Node a has duplicated devices\ndevices = [device(type='cuda', index=0), device(type='cuda', index=0)]",
      [member('a', { devices: cudaDevices([0, 0]) })],
    ],
    [
      "Node a has devices with invalid indices\ndevices = [device(type='cuda', index=2)]\ndevice count = 2",
      [member('a', { devices: cudaDevices([2]) })],
    ],
    [
      "Node a has invalid target node names in its device maps\ndevice maps = dict_keys(['c'])\n" +
        "node names = ['a', 'b']",
      [member('a', { deviceMaps: { c: map } }), member('b')],
    ],
    [
      'Node a has duplicated target devices in its device map for b\ndevice map = ' +
        "{device(type='cuda', index=0): device(type='cuda', index=1), " +
        "device(type='cpu'): device(type='cuda', index=1)}",
      [member('a', { deviceMaps: { b: { ...map, cpu: 'cuda:1' } } }), member('b')],
    ],
    [
      'Node a has unexpected source devices in its device map for b\ndevice map = ' +
        "{device(type='cuda', index=0): device(type='cuda', index=1)}\n" +
        "devices = [device(type='cuda', index=1)]",
      [member('a', { deviceMaps: { b: map }, devices: ['cuda:1'] }), member('b')],
    ],
    [
      'Node a has source devices with invalid indices in its device map for b\ndevice map = ' +
        "{device(type='cuda', index=0): device(type='cuda', index=1)}\ndevice count = 0",
      [member('a', { count: 0, deviceMaps: { b: map } }), member('b')],
    ],
    [
      'Node a has unexpected target devices in its device map for b\ndevice map = ' +
        "{device(type='cuda', index=0): device(type='cuda', index=1)}\n" +
        "devices = [device(type='cuda', index=0)]",
      [member('a', { deviceMaps: { b: map } }), member('b', { devices: ['cuda:0'] })],
    ],
    [
      'Node a has target devices with invalid indices in its device map for b\ndevice map = ' +
        "{device(type='cuda', index=0): device(type='cuda', index=1)}\ndevice count = 1",
      [member('a', { deviceMaps: { b: map } }), member('b', { count: 1 })],
    ],
  ])('is refused with the text of PyTorch: %s', (message, members) => {
    expect(() => {
      validateDevices(members, true);
    }).toThrow(message);
  });

  test('may speak of workers that have not joined, where they may join later', () => {
    const members = [member('a', { deviceMaps: { c: map } })];
    expect(() => {
      validateDevices(members, false);
    }).not.toThrow();
  });

  test('gives each the way back of the maps for it, and the devices of all its maps', () => {
    const members = [member('a', { deviceMaps: { b: map } }), member('b')];
    expect(exchangeDevices(members[1] ?? member('b'), members)).toEqual({
      devices: ['cuda:1'],
      reverseMaps: { a: { 'cuda:1': 'cuda:0' } },
    });
    expect(exchangeDevices(members[0] ?? member('a'), members)).toEqual({
      devices: ['cuda:0'],
      reverseMaps: {},
    });
  });
});

test('devices are sorted by index, and the processor is none of them', () => {
  const members = [member('a', { deviceMaps: { a: { 'cuda:10': 'cpu', 'cuda:2': 'cuda:1' } } })];
  const { devices } = exchangeDevices(members[0] ?? member('a'), members);
  expect(devices).toEqual(['cuda:1', 'cuda:2', 'cuda:10']);
});

test('what goes by a map comes back by its inverse', () => {
  const device = fc.nat({ max: 5 }).map((nr) => (nr === 5 ? 'cpu' : `cuda:${nr}`));
  const maps = fc
    .uniqueArray(fc.tuple(device, device), { selector: ([, to]) => to })
    .map((entries) => Object.fromEntries(entries))
    .filter((map) => new Set(Object.values(map)).size === Object.keys(map).length);
  fc.assert(
    fc.property(maps, fc.array(device), (map, devices) => {
      const known = devices.filter((each) => each in map);
      const there = mappedDevices({ devices: known, kind: 'Request', map, to: 'b' });
      const back = { devices: there, kind: 'Response', map: inverse(map), to: 'a' } as const;
      expect(mappedDevices(back)).toEqual(known);
    }),
  );
});

describe('a tensor for which there is no map', () => {
  const lead =
    'TensorPipe RPC backend only supports CPU tensors by default, please move your tensors to CPU before ' +
    'sending them over RPC, or call `set_device_map` on `TensorPipeRpcBackendOptions` to explicitly ' +
    'configure device mapping. ';

  test('is refused with the text of PyTorch', () => {
    const sent = { devices: ['cpu', 'cuda:1'], kind: 'Request', to: 'b' } as const;
    expect(() => mappedDevices({ ...sent, map: undefined })).toThrow(
      `${lead}Request device mapping is not available for destination b, but found tensor on device: cuda:1`,
    );
    expect(() => mappedDevices({ ...sent, kind: 'Response', map: {} })).toThrow(
      `${lead}Response device mapping is not available for destination b for device cuda:1 but received a ` +
        'tensor on that device.',
    );
    expect(mappedDevices({ ...sent, devices: ['cpu'], map: undefined })).toEqual(['cpu']);
  });

  test('nor may a result lie on a device that the agent does not use', () => {
    expect(unusedDeviceError(['cpu', 'cuda:0'], ['cuda:0'])).toBeUndefined();
    expect(unusedDeviceError(['cuda:2'], ['cuda:0', 'cuda:1'])).toBe(
      'RPC detected that a user-function output tensor on device cuda:2. This device is not one of the input ' +
        'tensor devices: cuda:0, cuda:1, which is not yet supported. Please file a feature request issue in ' +
        'PyTorch GitHub repo.',
    );
  });
});
