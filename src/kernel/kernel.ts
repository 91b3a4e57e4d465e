/** The whole runtime in two pure functions: what could happen next, and what then is. */
import { canonical } from '../core/canonical.ts';
import { digest } from '../core/digest.ts';
import { frozen } from '../core/frozen.ts';
import { createMemo } from '../core/memo.ts';
import { emptyMap } from '../core/persistent-map.ts';
import { startDeclared } from './apply-effects.ts';
import { applyChoice } from './apply.ts';
import type { Applied } from './apply.ts';
import { firstBudgets } from './budgets.ts';
import { candidates } from './candidates.ts';
import { checkRules } from './check-rules.ts';
import { notOffered } from './choice.ts';
import type { Choice } from './choice.ts';
import { openDraft, sealDraft } from './draft.ts';
import { createDullest } from './dullest.ts';
import type { Stepper } from './effect.ts';
import { externalChoices } from './external-choices.ts';
import { createWorldHash } from './hash.ts';
import { createMechanics } from './mechanics.ts';
import type { Mechanics } from './mechanics.ts';
import { afterHappenings, firstStates } from './monitor.ts';
import type { Rules } from './rules.ts';
import type { World } from './world.ts';

/** One system's way through time. */
export interface Kernel {
  /**
   * The world after `choice`; `world` stays as it is.
   *
   * @throws {SimulationError} `kernel/not-offered` if the world does not offer it.
   */
  readonly apply: (world: World, choice: Choice) => Applied;
  /** All that could happen next, dullest first: the system's own choices, then inputs, then faults. */
  readonly choices: (world: World) => readonly Choice[];
  /** The first of the system's own choices; `undefined` when nothing is left to do. */
  readonly dullest: (world: World) => Choice | undefined;
  /** 16 hexadecimal digits made of contents: the same in every thread, process and browser. */
  readonly hash: (world: World) => string;
  /** The rules and steps that it is made of, for other ways to explore the same system. */
  readonly mechanics: Mechanics;
  /** The first world, and how its actors started. */
  readonly start: () => Applied;
}

/** A kernel for one system. The closure holds its machines and rules; worlds hold only data. */
export function createKernel({ rules, stepper }: KernelOptions): Kernel {
  checkRules(rules);
  const mechanics = createMechanics(rules, stepper);
  const dullest = createDullest(mechanics);
  const offers = createOffers(mechanics);
  const { hash } = createWorldHash({
    isOrdered: ({ from, to }) => mechanics.kindOf(from, to) === 'fifo',
  });
  const start = (): Applied => {
    const draft = openDraft(mechanics, emptyWorld(rules), digest('start'));
    startDeclared(
      draft,
      rules.actors.map(({ address: at, input, logic }) => ({ at, request: { input, logic } })),
    );
    const step = { at: 0, happened: draft.happened, index: 0 };
    draft.ledger.steps = 0;
    draft.world.monitors = afterHappenings(rules.monitors, draft.world.monitors, draft.happened);
    return { step, world: sealDraft(draft) };
  };
  return {
    apply: (world, choice) => {
      offers.check(world, choice);
      return applyChoice(mechanics, world, choice);
    },
    choices: (world) => {
      const own = candidates(mechanics, world);
      for (const choice of own) offers.note(world, choice);
      return [...own, ...externalChoices(mechanics, world)];
    },
    dullest: (world) => {
      const choice = dullest(world);
      if (choice !== undefined) offers.note(world, choice);
      return choice;
    },
    hash,
    mechanics,
    start,
  };
}

/** What a kernel is made of. */
export interface KernelOptions {
  readonly rules: Rules;
  readonly stepper: Stepper;
}

/**
 * Whether time may go by before a choice depends on all else that is due, which is costly to find out:
 * so it is remembered which world offered it. A choice from elsewhere is looked for.
 */
function createOffers(mechanics: Mechanics): Offers {
  const offeredBy = createMemo<Choice, World>();
  return {
    check: (world, choice) => {
      if (!takesTime(choice) || offeredBy.get(choice) === world) return;
      const isOffered = candidates(mechanics, world).some(({ name }) => name === choice.name);
      if (!isOffered) throw notOffered(choice);
    },
    note: (world, choice) => {
      if (takesTime(choice)) offeredBy.set(choice, world);
    },
  };
}

interface Offers {
  readonly check: (world: World, choice: Choice) => void;
  readonly note: (world: World, choice: Choice) => void;
}

function takesTime(choice: Choice): boolean {
  return 'after' in choice && choice.after > 0;
}

function emptyWorld(rules: Rules): World {
  return {
    actors: emptyMap(),
    aliases: emptyMap(),
    budgets: firstBudgets(rules),
    durable: emptyMap(),
    ledger: { agenda: undefined, clock: 0, counts: frozen({}), nextSeq: 0, steps: 0 },
    links: emptyMap(),
    monitors: firstStates(rules.monitors),
    nodes: emptyMap(),
    plan: canonical(rules.plan, 'plan'),
    timers: emptyMap(),
  };
}
