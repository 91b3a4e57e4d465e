/** From moves among interned worlds to a run of the plain kernel. */
import { SimulationError } from '../../../core/errors.ts';
import { runSystem } from '../../../kernel/run.ts';
import type { Run } from '../../../kernel/run.ts';
import type { System } from '../../../runtime/system.ts';
import type { Label } from '../cells/cell.ts';
import type { Space } from '../space.ts';
import { choiceOf } from './label.ts';

/**
 * The run that takes these moves, on the plain kernel: its steps have names and can be replayed. It ends
 * with the last of them, or by itself.
 */
export function plainRun(system: System, { endsItself = false, labels, space }: Moves): Run {
  return runSystem(system, {
    chooser: (options, world) => {
      const label = labels[world.ledger.steps];
      if (label === undefined) return 0;
      const choices = options.flatMap((option) => (option === undefined ? [] : [option]));
      const choice = choiceOf(space, label, { choices, world });
      if (choice === undefined) throw lostPath(label);
      return options.indexOf(choice);
    },
    until: ({ ledger }) => !endsItself && ledger.steps >= labels.length,
  });
}

/** Moves, and the space in which they were taken. */
export interface Moves {
  /** Whether the system has nothing left to do behind them. */
  readonly endsItself?: boolean;
  readonly labels: readonly Label[];
  readonly space: Space;
}

function lostPath(label: Label): SimulationError {
  return new SimulationError(
    'explore/lost-path',
    `The kernel does not offer "${label.type}" where the search took it. ` +
      'The interned and the plain path disagree: please report this system.',
  );
}
