/** What strategies rank: messages, timers and inputs, each with all that may become of it. */
import type { Choice } from '../../kernel/choice.ts';

/** Something that may happen next. */
export interface Pending {
  /** Its places among the options: one for each moment or outcome that it may have. */
  readonly indices: readonly number[];
  /** Causal: the same message has the same name as long as it waits. */
  readonly name: string;
  /** The actor that it happens to; absent for faults of the network. */
  readonly receiver: string | undefined;
}

/** What is pending, in the order of the options; to end is nothing. */
export function pendingOf(options: readonly (Choice | undefined)[]): readonly Pending[] {
  const found = new Map<
    string,
    { indices: number[]; name: string; receiver: string | undefined }
  >();
  for (const [index, choice] of options.entries()) {
    if (choice === undefined) continue;
    const name = nameOf(choice);
    const known = found.get(name);
    if (known === undefined)
      found.set(name, { indices: [index], name, receiver: receiverOf(choice) });
    else known.indices.push(index);
  }
  return [...found.values()];
}

/** The name of what happens, whenever and however it does. */
function nameOf({ name, type }: Choice): string {
  if (type !== 'deliver' && type !== 'fire') return name;
  const cut = name.search(/[~.]/);
  return cut < 0 ? name : name.slice(0, cut);
}

/** The actor that a choice happens to. */
export function receiverOf(choice: Choice): string | undefined {
  if ('to' in choice) return choice.to;
  return 'actor' in choice ? choice.actor : undefined;
}
