import { entriesOf } from '../../../src/index.ts';
import type { Local, World } from '../../../src/index.ts';

/** The local state of the actor of this address. */
export function localAt(world: World, address: string): Local | undefined {
  for (const [key, { local }] of entriesOf(world.actors)) if (key === address) return local;
  return undefined;
}
