/**
 * Which steps a step comes of, and which come of it: a step comes of the one that sent what it takes, and of
 * the one before it on the same node, or on the same actor.
 *
 * @see Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", 1978, section 1.
 */
import type { Choice } from '../../kernel/choice.ts';
import type { Step } from '../../kernel/step.ts';
import { originsOf } from '../../trace/origins.ts';

/** The causes of each step, by its number. */
export type Causes = readonly (readonly number[])[];

/** The steps that each step comes of directly. */
export function causesOf(steps: readonly Step[]): Causes {
  const originOf = originsOf(steps);
  const latest = new Map<string, number>();
  return steps.map((step) => {
    const { choice, index } = step;
    const causes = new Set<number>();
    const origin = choice === undefined ? undefined : originOf(choice);
    if (origin !== undefined) causes.add(origin.step);
    for (const actor of actorsOf(step)) {
      const before = latest.get(actor);
      if (before !== undefined && before !== index) causes.add(before);
      latest.set(actor, index);
    }
    return [...causes];
  });
}

/** The steps that lie before `step` and after it, itself in both. */
export function aroundOf(causes: Causes, step: number): Around {
  const before = new Set([step]);
  for (let at = step; at >= 0; at -= 1) {
    if (before.has(at)) for (const cause of causes[at] ?? []) before.add(cause);
  }
  const after = new Set([step]);
  for (let at = step + 1; at < causes.length; at += 1) {
    if (causes[at]?.some((cause) => after.has(cause)) === true) after.add(at);
  }
  return { after, before };
}

/** What happened before a step, and what after it; all else happened beside it. */
export interface Around {
  readonly before: ReadonlySet<number>;
  readonly after: ReadonlySet<number>;
}

/** The actors and nodes whose state a step reads or writes. */
function actorsOf({ choice, happened }: Step): readonly string[] {
  const moved = happened.flatMap((happening) => {
    switch (happening.type) {
      case 'failed':
      case 'moved':
      case 'received':
      case 'started':
      case 'stopped':
        return [happening.actor];
      default:
        // All else is something that one of these actors did.
        return [];
    }
  });
  return [...new Set([...moved, ...ownerOf(choice)])];
}

function ownerOf(choice: Choice | undefined): readonly string[] {
  if (choice === undefined) return [];
  if ('node' in choice) return [choice.node];
  if ('actor' in choice) return [choice.actor];
  return choice.type === 'deliver' ? [choice.to] : [];
}
