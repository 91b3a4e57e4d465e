/** The params of a guard or an action, as its config gives them. */
/* oxlint-disable typescript/no-unsafe-type-assertion -- XState's configs are known by their shape */

/** What a guard or an action is told besides its arguments. */
export type Params = (args: { readonly context: unknown; readonly event: unknown }) => unknown;

/** The params that stand beside a name; nothing where there are none. */
export function paramsOf(named: unknown): Params {
  if (typeof named !== 'object' || named === null || !('params' in named)) return nothing;
  const { params } = named;
  return typeof params === 'function' ? (params as Params) : () => params;
}

function nothing(): undefined {
  return undefined;
}
