import type { EventObject } from '../../kernel/effect.ts';

/** A message of the RPC protocol by its type, and what it wraps: `FORWARD_AUTOGRAD_REQ(PYTHON_CALL)`. */
export function rpcLabel({ type, inner }: EventObject): string {
  if (typeof inner !== 'object' || inner === null || !('type' in inner)) return type;
  return `${type}(${String(inner.type)})`;
}
