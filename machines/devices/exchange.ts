/**
 * What workers tell one another of their devices before they serve: it is checked, and each learns the maps that
 * others have for it, by which it answers.
 *
 * @see PyTorch, `torch/distributed/rpc/backend_registry.py`, `_validate_device_maps`,
 * `_create_reverse_mapping`, `_create_device_list`.
 */
import { TorchError } from '../engine/torch-error.ts';
import { cpu, deviceRepr, indexOf, isCuda } from './device.ts';
import type { DeviceMap, DeviceOptions } from './maps.ts';
import { inverse } from './maps.ts';

/** A worker and its devices. */
export interface DeviceMember extends DeviceOptions {
  /** How many CUDA devices its process has. */
  readonly count: number;
  readonly name: string;
}

/** What a worker knows after the exchange. */
export interface ExchangedDevices {
  /** The devices that its agent uses, by index. */
  readonly devices: readonly string[];
  /** By which responses go, by the name of who asks. */
  readonly reverseMaps: Readonly<Record<string, DeviceMap>>;
}

/** Checks what all members say, in PyTorch's order. @throws {TorchError} what `init_rpc` raises. */
export function validateDevices(members: readonly DeviceMember[], isStaticGroup: boolean): void {
  for (const member of members) validateList(member);
  for (const member of members) {
    if (isStaticGroup) validateTargets(member, members);
    for (const [to, map] of Object.entries(member.deviceMaps)) {
      validateMap({ map, member, peer: members.find(({ name }) => name === to), to });
    }
  }
}

/** What one member knows of all. */
export function exchangeDevices(
  member: DeviceMember,
  members: readonly DeviceMember[],
): ExchangedDevices {
  const reverseMaps = Object.fromEntries(
    members.flatMap(({ deviceMaps, name }) => {
      const map = deviceMaps[member.name];
      return map === undefined ? [] : [[name, inverse(map)] as const];
    }),
  );
  const { deviceMaps, devices } = member;
  const mapped = [...Object.values(deviceMaps), ...Object.values(reverseMaps)].flatMap((map) =>
    Object.keys(map),
  );
  const used = devices.length > 0 ? devices : [...new Set(mapped)].filter((each) => isCuda(each));
  return { devices: used.toSorted((a, b) => indexOf(a) - indexOf(b)), reverseMaps };
}

function validateList({ count, devices, name }: DeviceMember): void {
  const list = listRepr(devices);
  refuse(
    new Set(devices).size !== devices.length,
    `Node ${name} has duplicated devices\ndevices = ${list}`,
  );
  refuse(
    !areThere(devices, count),
    `Node ${name} has devices with invalid indices\ndevices = ${list}\ndevice count = ${count}`,
  );
}

function validateTargets(
  { deviceMaps, name }: DeviceMember,
  members: readonly DeviceMember[],
): void {
  const names = members.map((each) => each.name);
  const targets = Object.keys(deviceMaps);
  refuse(
    targets.some((to) => !names.includes(to)),
    `Node ${name} has invalid target node names in its device maps\n` +
      `device maps = dict_keys([${quoted(targets)}])\nnode names = [${quoted(names)}]`,
  );
}

interface CheckedMap {
  readonly map: DeviceMap;
  readonly member: DeviceMember;
  /** The worker at the other end; it may not have joined yet. */
  readonly peer: DeviceMember | undefined;
  readonly to: string;
}

function validateMap({ map, member, peer, to }: CheckedMap): void {
  const [sources, targets] = [Object.keys(map), Object.values(map)];
  const of = `in its device map for ${to}\ndevice map = ${mapRepr(map)}`;
  const { count, devices, name } = member;
  refuse(
    new Set(targets).size !== targets.length,
    `Node ${name} has duplicated target devices ${of}`,
  );
  refuse(
    devices.length > 0 && !sources.every((each) => devices.includes(each)),
    `Node ${name} has unexpected source devices ${of}\ndevices = ${listRepr(devices)}`,
  );
  refuse(
    devices.length === 0 && !areThere(sources, count),
    `Node ${name} has source devices with invalid indices ${of}\ndevice count = ${count}`,
  );
  if (peer === undefined) return;
  refuse(
    peer.devices.length > 0 && !targets.every((each) => peer.devices.includes(each)),
    `Node ${name} has unexpected target devices ${of}\ndevices = ${listRepr(peer.devices)}`,
  );
  refuse(
    peer.devices.length === 0 && !areThere(targets, peer.count),
    `Node ${name} has target devices with invalid indices ${of}\ndevice count = ${peer.count}`,
  );
}

function areThere(devices: readonly string[], count: number): boolean {
  return devices.every((device) => device === cpu || indexOf(device) < count);
}

function refuse(isWrong: boolean, message: string): void {
  if (isWrong) throw new TorchError('ValueError', message);
}

function listRepr(devices: readonly string[]): string {
  return `[${devices.map((each) => deviceRepr(each)).join(', ')}]`;
}

function mapRepr(map: DeviceMap): string {
  const entries = Object.entries(map).map(([from, to]) => `${deviceRepr(from)}: ${deviceRepr(to)}`);
  return `{${entries.join(', ')}}`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
