import type { EventObject } from '../../kernel/effect.ts';
import { typeOf } from '../../trace/words.ts';

/** A message of the RPC protocol by its type, and what it wraps: `FORWARD_AUTOGRAD_REQ(PYTHON_CALL)`. */
export function rpcLabel(event: EventObject): string {
  const { inner, type } = event;
  if (typeof inner !== 'object' || inner === null || !('type' in inner)) return typeOf(event);
  return `${type}(${String(inner.type)})`;
}
