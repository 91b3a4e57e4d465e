/** Where in a run each message was sent and each timer was set. */
import type { Address } from '../core/brand.ts';
import type { Choice } from '../kernel/choice.ts';
import { subjectOf } from '../kernel/names.ts';
import type { Step } from '../kernel/step.ts';

/** Who sent a message or set a timer, and in which step. */
export interface Origin {
  readonly actor: Address;
  readonly step: number;
}

/** Finds the origin of what a choice is about; `undefined` for what comes from outside or before these steps. */
export function originsOf(steps: readonly Step[]): (choice: Choice) => Origin | undefined {
  const origins = new Map<string, Origin>();
  for (const { happened, index } of steps) {
    for (const happening of happened) {
      if (happening.type === 'sent') {
        origins.set(happening.name, { actor: happening.from, step: index });
      }
      if (happening.type === 'scheduled') {
        origins.set(happening.name, { actor: happening.actor, step: index });
      }
    }
  }
  return ({ name }) => origins.get(subjectOf(name));
}
