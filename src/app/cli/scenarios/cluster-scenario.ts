import { clusterParams, clusterSetting, mainOutcome } from '../../../../actors/index.ts';
import type { ClusterSetting } from '../../../../actors/index.ts';
import { defineSystem } from '../../../runtime/system.ts';
import type { SystemDefinition } from '../../../runtime/system.ts';
import { rpcLabel } from '../rpc-label.ts';
import type { Scenario } from '../scenario.ts';

/** A cluster whose first worker runs the program. */
export function clusterScenario(
  description: string,
  definition: (setting: ClusterSetting) => SystemDefinition,
): Scenario {
  return {
    description,
    label: rpcLabel,
    make: (params) => defineSystem(definition(clusterSetting(params))),
    outcome: ({ world }) => mainOutcome(world, 'worker0'),
    params: clusterParams,
  };
}
