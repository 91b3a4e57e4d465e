import type { ForkId } from '../../rref/ids.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import type { RRefHandle } from '../user/handles.ts';

/**
 * The copy for which a fetch asks: without the switch the owner is told, so that it need not wait for a value
 * which it has let go of.
 */
export function askingCopy(
  { switches }: WorkerContext,
  { forkId }: RRefHandle,
): { readonly forkId?: ForkId } {
  return forkId === undefined || isOn(switches, 'rref.fetchDoesNotPin') ? {} : { forkId };
}
