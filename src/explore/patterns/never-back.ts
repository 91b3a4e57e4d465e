import { unreachable } from '../../core/errors.ts';
import { always } from '../../runtime/property.ts';
import type { Pattern, Reading } from './pattern.ts';
import { folding } from './pattern.ts';

/** What befell the bearer of an id. */
export interface LifeMark {
  readonly id: string;
  readonly life: 'began' | 'ended';
}

interface Lives {
  /** The first id that came back. */
  readonly back?: string;
  /** In alphabetical order. */
  readonly ended: readonly string[];
}

/**
 * What has ended never begins (again): an id goes from unknown to known to ended, some of it perhaps
 * skipped, and never back. An end of what nobody knows counts: whoever takes an id that it does not know for one
 * that is over must not take it for new afterwards, nor the other way round. The remedy is a tombstone,
 * a generation, or an answer that is waited for.
 *
 * The worlds of a system grow by the sets of ids that have ended.
 */
export function neverBack(name: string, reading: Reading<LifeMark>): Pattern {
  const initial: Lives = { ended: [] };
  const { monitor, stateIn } = folding(name, reading, { after: afterLife, initial });
  return {
    monitors: [monitor],
    properties: [always(name, (view) => stateIn(view).back === undefined)],
  };
}

function afterLife(lives: Lives, { id, life }: LifeMark): Lives {
  const isOver = lives.ended.includes(id);
  switch (life) {
    case 'began':
      return isOver && lives.back === undefined ? { ...lives, back: id } : lives;
    case 'ended':
      return isOver ? lives : { ...lives, ended: [...lives.ended, id].toSorted() };
    default:
      return unreachable(life);
  }
}
