/** The end of a group while something is still under way. */
import { cluster, rpc } from '../../actors/index.ts';
import type { ClusterSetting } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';

/** Worker 0 creates a value on worker 1 and shuts down at once, as all others do. */
export function shutdownInFlight(setting: ClusterSetting = {}): SystemDefinition {
  const { workers = 2 } = setting;
  const main = ({ id }: { readonly id: number }) =>
    functions.toCall(id === 0 ? 'createAndShutDown' : 'shutDown', []);
  return {
    ...cluster({ ...setting, functions, main, start: 'joined', workers }),
    name: 'shutdown-in-flight',
  };
}

const functions = defineFunctions({ createAndShutDown, makeValue, shutDown });

function makeValue(): number {
  return 42;
}

function* shutDown() {
  yield* rpc.shutdown();
}

function* createAndShutDown() {
  yield* rpc.remote('worker1', makeValue, []);
  yield* rpc.shutdown();
}
