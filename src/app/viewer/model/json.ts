import type { Json } from '../../../trace/trace.ts';

/** Whether a value is made of what parameters are made of. */
export function isJson(value: unknown): value is Json {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isJson);
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';
}
