/** What a step depends on: what sent or set it, what its actor did before, and so on. */
import { subjectOf } from '../../kernel/names.ts';
import { actorOf } from './course.ts';
import type { Taken } from './course.ts';

/**
 * The places of the steps in the causal past of one, itself among them.
 *
 * @see Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", 1978.
 */
export function pastOf(taken: readonly Taken[], last: number): ReadonlySet<number> {
  const makers = makersOf(taken);
  const past = new Set<number>();
  const actors = new Set<string>();
  const names = new Set<string>();
  for (let index = last; index >= 0; index -= 1) {
    const step = taken[index];
    if (step === undefined) continue;
    const actor = actorOf(step.choice);
    const made = makers[index] ?? [];
    if (index < last && !actors.has(actor) && !made.some((name) => names.has(name))) continue;
    past.add(index);
    actors.add(actor);
    names.add(subjectOf(step.choice.name));
  }
  return past;
}

/** The names of what each step sent and set. */
function makersOf(taken: readonly Taken[]): readonly (readonly string[])[] {
  return taken.map(({ happened }) =>
    happened.flatMap((happening) =>
      happening.type === 'sent' || happening.type === 'scheduled' ? [happening.name] : [],
    ),
  );
}
