/** Whether the gradients of small programs are the same in every order of events, and right or none after a fault. */
import type { BackwardMode, ClusterSetting } from '../actors/index.ts';
import { workersIn } from '../actors/properties/workers.ts';
import { mainOutcome } from '../actors/view.ts';
import { isQuiet } from '../machines/autograd/debug-info.ts';
import {
  atQuiescence,
  defineSystem,
  isSame,
  runSystem,
  search,
  sizeOf,
  zero,
} from '../src/index.ts';
import type { SearchResult, View } from '../src/index.ts';
import { gradientCluster } from './gradient-programs.ts';
import type { GradientProgram } from './gradient-programs.ts';

/** One program in one mode, and what may happen to it once. */
export interface ConfluenceCase {
  readonly fault: 'crash' | 'drop' | 'duplicate' | 'early' | 'none';
  readonly mode: BackwardMode;
  readonly poolSize: number;
  readonly program: GradientProgram;
  readonly statesMax: number;
}

/** What all worlds of a case were found to give; the gradients are those of the run in order. */
export interface Confluence {
  readonly gradients: unknown;
  readonly result: SearchResult;
}

/** Looks at all worlds of a program of a hardened cluster. */
export function confluence({
  fault,
  mode,
  poolSize,
  program,
  statesMax,
}: ConfluenceCase): Confluence {
  const setting: ClusterSetting = {
    backwardMode: mode,
    network: { latency: [zero] },
    poolSize,
    profile: 'hardened',
  };
  const plain = runSystem(defineSystem(gradientCluster(program, setting)));
  const expected = mainOutcome(plain.world, 'worker0');
  const faults = fault === 'none' ? {} : { faults: { [fault]: 1 } };
  const definition = gradientCluster(program, { ...setting, ...faults });
  const addresses = definition.actors.map(({ address }) => address);
  const properties = [
    atQuiescence('P10', (view) => {
      const main = workersIn(view, addresses.slice(0, 1))[0]?.main;
      // A worker that is down has no gradients, and one whose program was cut off by a fault has an error.
      if (main === undefined || (fault !== 'none' && main.type === 'threw')) return true;
      return isSame(main, expected);
    }),
    // The contexts of a worker that died are nobody's to release.
    ...(fault === 'crash'
      ? []
      : [atQuiescence('nothing is left of passes', (view) => leavesNothing(view, addresses))]),
  ];
  const result = search(defineSystem({ ...definition, properties }), { properties, statesMax });
  return { gradients: expected.type === 'returned' ? expected.value : expected, result };
}

/** No context, no pass, no graph task. */
function leavesNothing(view: View, addresses: readonly string[]): boolean {
  const isLeft = view.addresses().some((address) => address.includes('/graph-task-'));
  return (
    !isLeft &&
    workersIn(view, addresses).every(
      ({ autograd, passes }) => sizeOf(passes) === 0 && isQuiet(autograd),
    )
  );
}
