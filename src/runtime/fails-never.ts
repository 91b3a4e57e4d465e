/**
 * That an actor does not fail. Nobody is told of the failure of a declared actor: where it is not said that one
 * may fail, it is taken for a mistake, as what a machine throws mostly is.
 */
import { always } from './property.ts';
import type { Property } from './property.ts';
import type { SystemDefinition } from './system.ts';

/** That the actor at an address fails in no world. */
export function failsNever(actor: string): Property {
  return always(`${actor} does not fail`, (view) => view.actor(actor)?.status !== 'error');
}

/** The property of that name that a system states, or that is asked of each of its actors. */
export function propertyNamed(
  { actors, properties = [] }: SystemDefinition,
  wanted: string | undefined,
): Property | undefined {
  const unstated = actors.map(({ address }) => failsNever(address));
  return [...properties, ...unstated].find(({ name }) => name === wanted);
}
