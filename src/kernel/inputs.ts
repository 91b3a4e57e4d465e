/** What the environment may give an actor. */
import { digest, formatDigest } from '../core/digest.ts';
import { getIn } from '../core/persistent-map.ts';
import { inputBudget } from './budgets.ts';
import type { InputChoice } from './choice.ts';
import type { Mechanics } from './mechanics.ts';
import { countedName } from './names.ts';
import type { Declared, Input } from './rules.ts';
import type { World } from './world.ts';

/** The inputs that a declared actor can take now. */
export function inputChoices(
  mechanics: Mechanics,
  world: World,
  declared: Declared,
): readonly InputChoice[] {
  const actor = getIn(world.actors, declared.address);
  if (actor === undefined || actor.local.status !== 'active') return [];
  if (getIn(world.nodes, declared.node) !== undefined) return [];
  return declared.inputs.flatMap((input, index): InputChoice[] => {
    if (world.budgets[inputBudget(declared, index)] === 0) return [];
    if (
      !mechanics.stepper.can(
        { address: declared.address, logic: actor.logic },
        actor.local,
        input.event,
      )
    )
      return [];
    return [
      {
        type: 'input',
        name: countedName(world.ledger, inputWord(declared, input)),
        actor: declared.address,
        event: input.event,
      },
    ];
  });
}

/** The word by which an input is counted. */
export function inputWord(declared: Declared, { event }: Input): string {
  const hasPayload = Object.keys(event).length > 1;
  const payload = hasPayload ? `:${formatDigest(digest(event)).slice(0, 8)}` : '';
  return `input:${declared.address}:${event.type}${payload}`;
}
