/** A system that a test drives by hand, step by step: what a model of fast-check holds against its model. */
import { canonical } from '../core/canonical.ts';
import { SimulationError } from '../core/errors.ts';
import { isSame } from '../core/same.ts';
import { viewOfWorld } from '../explore/view-of-world.ts';
import { describeChoice, isExternal } from '../kernel/choice.ts';
import type { Choice } from '../kernel/choice.ts';
import type { EventObject } from '../kernel/effect.ts';
import type { Step } from '../kernel/step.ts';
import { endPoint } from '../kernel/tape.ts';
import type { Departure, Tape } from '../kernel/tape.ts';
import type { System } from '../runtime/system.ts';
import type { View } from '../runtime/view.ts';
import { story } from '../trace/story.ts';

/** A system under a test's hand. Draws are as in `tapes()`: too large a number is the last choice. */
export interface Driven {
  /** Whether the environment may give an actor this event now. */
  readonly can: (address: string, event: EventObject) => boolean;
  /**
   * Gives an actor an event, one of the inputs that the system declares.
   *
   * @throws {SimulationError} `testing/not-offered` if it cannot take it now.
   */
  readonly give: (address: string, event: EventObject) => void;
  /** Takes one of the system's own choices, the dullest for 0; whether there was one. */
  readonly step: (draw?: number) => boolean;
  /** Lets one of the faults come that may come now; whether there was one. */
  readonly fail: (draw?: number) => boolean;
  /** Takes the system's own choices until nothing is left to do; the dullest where draws are used up. */
  readonly settle: (draws?: readonly number[]) => void;
  /** The world as it is now. */
  readonly view: () => View;
  /** All that has happened, in lines. */
  readonly story: () => string;
  /** What was done so far, to be made again by `runSystem(system, { tape })`. */
  readonly tape: () => Tape;
}

const stepsMax = 100_000;

/** Starts a system. */
export function drive(system: System): Driven {
  const steps: Step[] = [];
  const tape: Departure[] = [];
  let { step: started, world } = system.start();
  steps.push(started);
  const take = (choice: Choice): void => {
    const dull = system.dullest(world);
    if (dull?.name !== choice.name) tape.push({ at: dull?.name ?? endPoint, take: choice.name });
    ({ step: started, world } = system.apply(world, choice));
    steps.push(started);
  };
  const offered = (test: (choice: Choice) => boolean): readonly Choice[] =>
    system.choices(world).filter(test);
  const inputs = (address: string, event: EventObject): readonly Choice[] => {
    const wanted = canonical(event);
    return offered(
      (choice) =>
        choice.type === 'input' && choice.actor === address && isSame(choice.event, wanted),
    );
  };
  const draw = (choices: readonly Choice[], number: number): boolean => {
    const choice = choices[Math.min(Math.max(0, Math.trunc(number)), choices.length - 1)];
    if (choice !== undefined) take(choice);
    return choice !== undefined;
  };
  const step = (number = 0): boolean =>
    draw(
      offered((choice) => !isExternal(choice)),
      number,
    );
  return {
    can: (address, event) => inputs(address, event).length > 0,
    fail: (number = 0) =>
      draw(
        offered((choice) => isExternal(choice) && choice.type !== 'input'),
        number,
      ),
    give: (address, event) => {
      if (draw(inputs(address, event), 0)) return;
      throw notOffered(
        event,
        address,
        offered(({ type }) => type === 'input'),
      );
    },
    settle: (draws = []) => {
      let count = 0;
      while (step(draws[count] ?? 0)) {
        count += 1;
        if (count >= stepsMax) throw restless(system);
      }
    },
    step,
    story: () => story(steps).join('\n'),
    tape: () => [...tape],
    view: () => viewOfWorld(system.mechanics.rules, world),
  };
}

function notOffered(
  { type }: EventObject,
  address: string,
  inputs: readonly Choice[],
): SimulationError {
  const words = inputs.map((choice) => describeChoice(choice)).join(', ');
  return new SimulationError(
    'testing/not-offered',
    `"${address}" cannot be given "${type}" now. What can be given is ${words === '' ? 'nothing' : words}. ` +
      'Declare it among the inputs of the actor, and ask can() first.',
  );
}

function restless({ name }: System): SimulationError {
  return new SimulationError(
    'testing/restless',
    `"${name}" has not come to rest in ${stepsMax} steps. Take single steps with step().`,
  );
}
