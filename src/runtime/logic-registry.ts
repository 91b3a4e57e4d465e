/** Names for logic: worlds hold names, the registry holds what runs. */
import type { AnyActorLogic } from 'xstate';

import { SimulationError } from '../core/errors.ts';
import { requirePure } from './purity.ts';
import type { Named } from './purity.ts';
import { isMachine, sourcesOf } from './sources.ts';

/** The logics of one system. */
export interface LogicRegistry {
  /**
   * Names logics and all that their machines name in turn, level by level. A name depends on what the
   * system declares, never on who starts first: it is part of what worlds are compared by.
   */
  readonly declare: (all: readonly DeclaredLogic[]) => void;
  readonly find: (name: string) => AnyActorLogic | undefined;
  readonly get: (name: string) => AnyActorLogic;
  /** All that have a name so far. */
  readonly named: () => readonly NamedLogic[];
  /** The name of a logic that an actor starts, perhaps one that it made itself. */
  readonly nameOf: (logic: AnyActorLogic, origin: LogicOrigin) => string;
}

/** A logic and what it is called. */
export interface NamedLogic {
  readonly logic: AnyActorLogic;
  readonly name: string;
}

/** A logic, and the first actor that is one. */
export interface DeclaredLogic extends NamedLogic {
  readonly actor: string;
}

/** Whose child a logic is, and what its source is called there. */
export interface LogicOrigin {
  readonly owner: string;
  readonly source: string;
}

/** An empty registry. */
export function createLogicRegistry(): LogicRegistry {
  const byName = new Map<string, AnyActorLogic>();
  const declared = new Map<AnyActorLogic, string>();
  const pure = new Set<AnyActorLogic>();
  const check = (logic: AnyActorLogic, named: Named): void => {
    if (pure.has(logic)) return;
    requirePure(logic, named);
    pure.add(logic);
  };
  const bind = (logic: AnyActorLogic, name: string): string => {
    const known = byName.get(name);
    if (known !== undefined && known !== logic) throw ambiguous(name);
    byName.set(name, logic);
    return name;
  };
  return {
    declare: (all) => {
      for (const { actor, logic, name } of all) check(logic, { name, of: `actor "${actor}"` });
      const waiting: NamedLogic[] = [...all];
      for (const { logic, name } of waiting) {
        if (declared.has(logic)) continue;
        declared.set(logic, bind(logic, name));
        if (!isMachine(logic)) continue;
        for (const [source, child] of sourcesOf(logic))
          waiting.push({ logic: child, name: nameBelow({ owner: name, source }) });
      }
    },
    find: (name) => byName.get(name),
    get: (name) => {
      const logic = byName.get(name);
      if (logic !== undefined) return logic;
      throw new SimulationError(
        'runtime/unknown-logic',
        `No logic is known as "${name}". A world belongs to the system that made it.`,
      );
    },
    named: () => [...byName].map(([name, logic]) => ({ logic, name })),
    nameOf: (logic, origin) => {
      const name = declared.get(logic) ?? bind(logic, nameBelow(origin));
      check(logic, { name, of: `a child of a "${origin.owner}"` });
      return name;
    },
  };
}

/** What a logic is called when nothing else names it. */
export function plainName(logic: AnyActorLogic): string {
  return isMachine(logic) ? logic.id : 'logic';
}

function nameBelow({ owner, source }: LogicOrigin): string {
  return `${owner}>${source}`;
}

function ambiguous(name: string): SimulationError {
  return new SimulationError(
    'runtime/ambiguous-logic',
    `Two different logics are called "${name}". Give each machine an id of its own, and ` +
      'register what is spawned in `setup({ actors })` instead of making it anew.',
  );
}
