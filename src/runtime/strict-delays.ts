/**
 * XState takes a delay that nobody implements for none. What a config names is looked at when a system is
 * defined; what only an action names as it runs (`enqueueActions`) is looked at here, while a step is computed.
 */
import type { AnyActorLogic } from 'xstate';

import { SimulationError } from '../core/errors.ts';
import { isMachine } from './sources.ts';

/** What `run` gives; meanwhile a delay that the machine does not know is an error. */
export function withStrictDelays<Result>(logic: AnyActorLogic, run: () => Result): Result {
  if (!isMachine(logic)) return run();
  // cast -- XState keeps what a machine names in an object that is not frozen
  const implementations = logic.implementations as { delays: object };
  const { delays } = implementations;
  implementations.delays = new Proxy(delays, strict);
  try {
    return run();
  } finally {
    implementations.delays = delays;
  }
}

const strict: ProxyHandler<object> = {
  get: (delays, key) => {
    const delay: unknown = Object.hasOwn(delays, key) ? Reflect.get(delays, key) : undefined;
    if (delay === undefined && typeof key === 'string')
      throw new SimulationError('runtime/missing-delay', `Delay '${key}' is not implemented.`);
    return delay;
  },
};
