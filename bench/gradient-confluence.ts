/** Whether the gradients of small programs are the same in every order of events, and right or none after a fault. */
import type { BackwardMode, ClusterSetting } from '../actors/index.ts';
import { workersIn } from '../actors/properties/workers.ts';
import { mainOutcome } from '../actors/view.ts';
import type { WorkerContext } from '../machines/rpc/context.ts';
import { atQuiescence, defineSystem, isSame, runSystem, sizeOf, zero } from '../src/index.ts';
import type { View } from '../src/index.ts';
import type { CaseLimits } from './case-table.ts';
import { gradientCluster } from './gradient-programs.ts';
import type { GradientProgram } from './gradient-programs.ts';
import { settingOf } from './protocol-worlds.ts';
import type { ProtocolFault } from './protocol-worlds.ts';
import { worldsOf } from './worlds.ts';
import type { Worlds } from './worlds.ts';

/** One program in one mode, and what may happen to it once. */
export interface ConfluenceCase {
  readonly fault: ProtocolFault;
  readonly mode: BackwardMode;
  readonly poolSize: number;
  readonly program: GradientProgram;
}

/** What all worlds of a case were found to give; the gradients are those of the run in order. */
export interface Confluence extends Worlds {
  readonly gradients: unknown;
}

/** Looks at all worlds of a program of a hardened cluster. */
export function confluence(
  { fault, mode, poolSize, program }: ConfluenceCase,
  limits: Partial<CaseLimits>,
): Confluence {
  const setting: ClusterSetting = {
    backwardMode: mode,
    network: { latency: [zero] },
    poolSize,
    profile: 'hardened',
  };
  const plain = runSystem(defineSystem(gradientCluster(program, setting)));
  const expected = mainOutcome(plain.world, 'worker0');
  const definition = gradientCluster(program, { ...setting, ...settingOf(fault) });
  const addresses = definition.actors.map(({ address }) => address);
  const properties = [
    atQuiescence('right gradients or an error', (view) => {
      const main = workersIn(view, addresses.slice(0, 1))[0]?.main;
      // A worker that is down has no gradients, and one whose program was cut off by a fault has an error.
      if (main === undefined || (fault !== 'none' && main.type === 'threw')) return true;
      return isSame(main, expected);
    }),
    atQuiescence('no zombie graph task', (view) => hasNoGraphTask(view, addresses)),
    atQuiescence('no leaked context', (view) => hasNoContext(workersIn(view, addresses))),
  ];
  const worlds = worldsOf(defineSystem({ ...definition, properties }), properties, limits);
  return { gradients: expected.type === 'returned' ? expected.value : expected, ...worlds };
}

/** No pass of a worker that is up, no graph task anywhere. */
function hasNoGraphTask(view: View, addresses: readonly string[]): boolean {
  const isLeft = view.addresses().some((address) => address.includes('/graph-task-'));
  return !isLeft && workersIn(view, addresses).every(({ passes }) => sizeOf(passes) === 0);
}

/** No worker that is up holds a context, also none of a maker that crashed. */
function hasNoContext(workers: readonly WorkerContext[]): boolean {
  return workers.every(({ autograd: { contexts, heldContexts, initializedContextIds } }) =>
    [contexts, heldContexts, initializedContextIds].every((map) => sizeOf(map) === 0),
  );
}
