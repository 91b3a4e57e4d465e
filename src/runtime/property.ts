/** What must hold, said of a readable view of the world. */
import type { View } from './view.ts';

/** A property of systems. */
export type Property =
  | {
      readonly type: 'always' | 'never' | 'sometimes' | 'atQuiescence';
      readonly name: string;
      readonly holds: Predicate;
    }
  | { readonly type: 'deadlockFree'; readonly name: string; readonly isDone: Predicate };

/** A pure question about one world. */
export type Predicate = (view: View) => boolean;

/** Holds in every world. */
export function always(name: string, holds: Predicate): Property {
  return { holds, name, type: 'always' };
}

/** Holds in no world. */
export function never(name: string, holds: Predicate): Property {
  return { holds, name, type: 'never' };
}

/** Holds in some world: the proof that a check gets to what it speaks of. */
export function sometimes(name: string, holds: Predicate): Property {
  return { holds, name, type: 'sometimes' };
}

/** Holds wherever the system has nothing left to do, whatever the environment may still give it. */
export function atQuiescence(name: string, holds: Predicate): Property {
  return { holds, name, type: 'atQuiescence' };
}

/** The system only comes to rest where `isDone` says so; anywhere unless given means never. */
export function deadlockFree(isDone: Predicate = () => false, name = 'deadlock freedom'): Property {
  return { isDone, name, type: 'deadlockFree' };
}
