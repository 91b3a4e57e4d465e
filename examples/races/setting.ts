/** How the clusters of exhibits are set. */
import type { ClusterSetting, SwitchName } from '../../actors/index.ts';
import { zero } from '../../src/index.ts';

/**
 * The hardened protocol, with these switches on or off and nothing else changed. Messages take no time, so that
 * whatever is under way may come next; one thread serves, unless told.
 */
export function hardened(
  names: readonly SwitchName[],
  isOn: boolean,
  setting: ClusterSetting = {},
): ClusterSetting {
  const switches = Object.fromEntries(names.map((name) => [name, isOn]));
  return {
    network: { latency: [zero] },
    poolSize: 1,
    profile: 'hardened',
    ...setting,
    switches: { ...setting.switches, ...switches },
  };
}
