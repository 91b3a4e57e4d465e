/** Names for logic: worlds hold names, the registry holds what runs. */
import { StateMachine, type AnyActorLogic } from 'xstate';

import { SimulationError } from '../core/errors.ts';
import { requirePure } from './purity.ts';

/** The logics of one system. */
export interface LogicRegistry {
  readonly get: (name: string) => AnyActorLogic;
  /** Names `logic`; the same logic keeps its name. */
  readonly nameOf: (logic: AnyActorLogic, wanted: string) => string;
}

/** An empty registry. */
export function createLogicRegistry(): LogicRegistry {
  const byName = new Map<string, AnyActorLogic>();
  const names = new Map<AnyActorLogic, string>();
  return {
    get: (name) => {
      const logic = byName.get(name);
      if (logic !== undefined) return logic;
      throw new SimulationError(
        'runtime/unknown-logic',
        `No logic is known as "${name}". A world belongs to the system that made it.`,
      );
    },
    nameOf: (logic, wanted) => {
      const known = names.get(logic);
      if (known !== undefined) return known;
      if (byName.has(wanted)) {
        throw new SimulationError(
          'runtime/ambiguous-logic',
          `Two different logics are called "${wanted}". Give each machine an id of its own, and ` +
            'register what is spawned in `setup({ actors })` instead of making it anew.',
        );
      }
      requirePure(logic, wanted);
      byName.set(wanted, logic);
      names.set(logic, wanted);
      return wanted;
    },
  };
}

/** What a logic is called when nothing else names it. */
export function plainName(logic: AnyActorLogic): string {
  return logic instanceof StateMachine ? logic.id : 'logic';
}
