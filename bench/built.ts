/** The package as it is published: what `tsx` makes of the sources names every closure, which costs. */
import type * as OrreryRpc from '../actors/index.ts';
import type * as Orrery from '../src/index.ts';
import type * as Testing from '../src/testing/index.ts';

/** The door of the built package. */
export const built: typeof Orrery = await import(
  new URL('../dist/src/index.js', import.meta.url).href
);

/** Its door to remote calls. */
export const builtRpc: typeof OrreryRpc = await import(
  new URL('../dist/actors/index.js', import.meta.url).href
);

/** Its door for tests. */
export const builtTesting: typeof Testing = await import(
  new URL('../dist/src/testing/index.js', import.meta.url).href
);
