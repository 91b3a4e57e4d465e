/** A system: actors that are XState machines, the network between them, and what may befall them. */
import type { AnyActorLogic } from 'xstate';

import { nameOf, pooled } from '../core/address.ts';
import { address, nodeId } from '../core/brand.ts';
import { canonical } from '../core/canonical.ts';
import { SimulationError } from '../core/errors.ts';
import type { Stepper } from '../kernel/effect.ts';
import { createKernel } from '../kernel/kernel.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Monitor } from '../kernel/monitor.ts';
import type { Declared, FaultBudget, Input, PlannedFault, Rules } from '../kernel/rules.ts';
import type { Run } from '../kernel/run.ts';
import { createNetwork } from '../network/network.ts';
import type { NetworkOptions } from '../network/network.ts';
import { createAudit } from './audit.ts';
import { checkDefinition } from './check-definition.ts';
import { createCoverage } from './coverage.ts';
import type { MachineCoverage, Witness } from './coverage.ts';
import { createFailures } from './failures.ts';
import type { Failure } from './failures.ts';
import { plainName } from './logic-registry.ts';
import type { LogicRegistry } from './logic-registry.ts';
import { createMachineStepper } from './machine.ts';
import type { Picture } from './picture.ts';
import type { Predicate, Property } from './property.ts';
import { createRemembered } from './remembered.ts';
import { createSecondLook } from './second-look.ts';

/** An actor: which machine it is, where it lives, what survives a crash, what may come from outside. */
export interface ActorDefinition {
  /** Its name, and what `system.get` knows it by. */
  readonly address: string;
  readonly machine: AnyActorLogic;
  /** What its context is made from. Plain data. */
  readonly input?: unknown;
  /** What it fails with; a node of its own, named like it, unless said otherwise. */
  readonly node?: string;
  /** Keys of its context that survive a crash of its node. */
  readonly durable?: readonly string[];
  /** Events that the environment may give it whenever its snapshot can take them. */
  readonly inputs?: readonly Input[];
  /**
   * Whether it stands for surroundings that a protocol may rely on: nothing befalls its node, nor a message from
   * it or to it, but what is planned.
   */
  readonly isSteadfast?: true;
  /** Whether its machine may throw, so that it fails: a check takes it for a mistake unless this is said. */
  readonly mayFail?: true;
}

/** All that makes a system. */
export interface SystemDefinition {
  readonly name: string;
  readonly actors: readonly ActorDefinition[];
  readonly network?: NetworkOptions;
  /** Pure folds over what happens, whose states are part of the world. */
  readonly monitors?: readonly Monitor[];
  /**
   * How many steps are remembered, so that they need not be computed again where the same states recur
   * (many schedules of one system); none unless said otherwise.
   */
  readonly rememberedMax?: number;
  /** How many faults of each kind may come, at any time. */
  readonly faults?: FaultBudget;
  /** Faults that come for certain, in this order. */
  readonly plan?: readonly PlannedFault[];
  /** Draws a world for people, on the page. */
  readonly picture?: Picture;
  /** What people should be told of a run that has ended, a line each: why it does not go on, for one. */
  readonly remarks?: (system: System, run: Run) => readonly string[];
  /** What must hold of it: what `check` looks at unless told otherwise. Each has a name of its own. */
  readonly properties?: readonly Property[];
  /** Groups of declared actors that are interchangeable: a search may take worlds that differ by an exchange for one. */
  readonly symmetry?: readonly (readonly string[])[];
  /**
   * Bounds what is looked at: a world of which it is false is neither judged nor gone on from. A search
   * counts the steps that lead to one and does not keep it; a run that is drawn ends there.
   *
   * @see Lamport, "Specifying Systems", 2002, section 14.3.2 (TLC's CONSTRAINT).
   */
  readonly within?: Predicate;
  /** `timed`: the clock goes from due moment to due moment; `untimed`: any set timer may fire. */
  readonly time?: Rules['time'];
  /** What a delivery that changes and sends nothing does; `consume`, as in XState, unless said otherwise. */
  readonly unhandled?: Rules['unhandled'];
  /** What a message to a name that nobody has is; an error unless said otherwise. */
  readonly unknownActors?: Rules['unknownActors'];
}

/** A system that can run: its name, its actors, and its two pure functions. */
export interface System extends Kernel {
  readonly definition: SystemDefinition;
  /** The machine or other logic behind a name that worlds hold, as far as it was started or declared here. */
  readonly logicOf: (name: string) => AnyActorLogic | undefined;
  readonly name: string;
}

/**
 * Makes a system of its definition.
 *
 * @throws {SimulationError} `runtime/bad-definition`, `runtime/impure-machine` for a machine that acts on the outside,
 * `runtime/duplicate-actor` for two actors of one address, `runtime/duplicate-property`, `core/bad-name`,
 * `core/not-data`.
 */
export function defineSystem(definition: SystemDefinition): System {
  return make(definition).system;
}

/** A system that notes which parts of its machines it uses, and whether they keep to the rules. */
export interface ObservedSystem {
  /** What was used so far, by all runs and searches. */
  readonly coverage: () => readonly MachineCoverage[];
  /** The declared actors that failed so far. */
  readonly failures: () => readonly Failure[];
  /**
   * Computes some of the steps that were taken again.
   *
   * @throws {SimulationError} `runtime/not-deterministic` where one comes out otherwise.
   */
  readonly lookAgain: () => void;
  readonly system: System;
}

/** Makes a system of its definition, and watches it. */
export function observeSystem(definition: SystemDefinition): ObservedSystem {
  const coverage = createCoverage();
  const failures = createFailures();
  const second = createSecondLook();
  const over = (stepper: Stepper): Stepper => failures.over(second.over(stepper));
  const { logics, system } = make(definition, { over, witness: coverage });
  return {
    coverage: () => coverage.of(logics.named()),
    failures: failures.all,
    lookAgain: second.again,
    system,
  };
}

/** Whoever watches a system. */
interface Watch {
  readonly over: (stepper: Stepper) => Stepper;
  readonly witness: Witness;
}

interface Made {
  readonly logics: LogicRegistry;
  readonly system: System;
}

function make(definition: SystemDefinition, watch?: Watch): Made {
  checkDefinition(definition);
  const { logics, reference, stepper } = createMachineStepper(watch?.witness);
  const names = createNames();
  const actors = definition.actors.map((actor): Declared => {
    const at = address(pooled(nameOf(actor.address)));
    names.add(at);
    return {
      address: at,
      node: nodeId(nameOf(actor.node ?? actor.address)),
      logic: names.logicOf(plainName(actor.machine), actor.machine),
      input: canonical(actor.input, `${at}.input`),
      durable: actor.durable ?? [],
      inputs: (actor.inputs ?? []).map((input, index) => ({
        ...input,
        event: canonical(input.event, `${at}.inputs[${index}].event`),
      })),
      ...(actor.isSteadfast === true ? { isSteadfast: true } : {}),
    };
  });
  logics.declare(
    definition.actors.map(({ address: actor, machine }) => ({
      actor,
      logic: machine,
      name: names.logicOf(plainName(machine), machine),
    })),
  );
  const rules: Rules = {
    ...createNetwork(definition.network),
    actors,
    budgets: definition.faults ?? {},
    monitors: definition.monitors ?? [],
    plan: definition.plan ?? [],
    time: definition.time ?? 'timed',
    unhandled: definition.unhandled ?? 'consume',
    unknownActors: definition.unknownActors ?? 'error',
  };
  const audited = createAudit({ reference, stepper });
  const kernel = createKernel({
    rules,
    stepper: remembering(watch?.over(audited) ?? audited, definition.rememberedMax),
  });
  const system = { ...kernel, definition, logicOf: logics.find, name: definition.name };
  return { logics, system };
}

interface Names {
  readonly add: (at: string) => void;
  /** Machines of one id are told apart by the order in which the system declares them. */
  readonly logicOf: (id: string, machine: unknown) => string;
}

function createNames(): Names {
  const addresses = new Set<string>();
  const logics = new Map<string, unknown[]>();
  return {
    add: (at) => {
      if (addresses.has(at)) {
        throw new SimulationError(
          'runtime/duplicate-actor',
          `Two actors are called "${at}". Give each an address of its own.`,
        );
      }
      addresses.add(at);
    },
    logicOf: (id, machine) => {
      const all = logics.get(id) ?? [];
      if (!all.includes(machine)) logics.set(id, [...all, machine]);
      const index = Math.max(0, all.indexOf(machine), all.includes(machine) ? 0 : all.length);
      return index === 0 ? id : `${id}#${index + 1}`;
    },
  };
}

function remembering(stepper: Stepper, outcomesMax = 0): Stepper {
  return outcomesMax > 0 ? createRemembered(stepper, outcomesMax) : stepper;
}
