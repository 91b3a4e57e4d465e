import type { Call } from '../../src/index.ts';

/** The same main function on every worker but worker 1, which owns what the others use. */
export function allButWorker1(main: Call) {
  return ({ id }: { readonly id: number }): Call | undefined => (id === 1 ? undefined : main);
}
