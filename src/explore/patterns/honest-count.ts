import { unreachable } from '../../core/errors.ts';
import { always, atQuiescence } from '../../runtime/property.ts';
import type { View } from '../../runtime/view.ts';
import type { Pattern, Reading } from './pattern.ts';
import { folding } from './pattern.ts';

/** Something that is counted began or came to its end. */
export type CountMark = 'opened' | 'closed';

/** A counter that a system keeps, and what it should count. */
export interface HonestCountOptions extends Reading<CountMark> {
  /** What the system's own counter says. */
  readonly counted: (view: View) => number;
}

/**
 * A counter is never below zero, and is right wherever the system comes to rest. It breaks where the count is taken
 * back after somebody else's code (a callback, a hook, a destructor) that throws, blocks or comes back,
 * or where what failed is counted off twice. The remedy is a guard that counts on every way out.
 */
export function honestCount(name: string, { counted, ...reading }: HonestCountOptions): Pattern {
  const { monitor, stateIn } = folding(name, reading, { after: afterCount, initial: 0 });
  return {
    monitors: [monitor],
    properties: [
      always(`${name}, never below zero`, (view) => counted(view) >= 0),
      atQuiescence(name, (view) => counted(view) === stateIn(view)),
    ],
  };
}

function afterCount(open: number, mark: CountMark): number {
  switch (mark) {
    case 'opened':
      return open + 1;
    case 'closed':
      return open - 1;
    default:
      return unreachable(mark);
  }
}
