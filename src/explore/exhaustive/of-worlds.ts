import type { Property } from '../../runtime/property.ts';

/** Whether a property can be decided world by world; others need all worlds in one place. */
export function isOfWorlds({ type }: Property): boolean {
  return !['agree', 'agreeAcross', 'eventually', 'leadsTo'].includes(type);
}
