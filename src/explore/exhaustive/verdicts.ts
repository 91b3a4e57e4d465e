/** What a search has to say of each property once it has seen what it could, with the runs that show it. */
import { unreachable } from '../../core/errors.ts';
import { fairness } from '../liveness/duties.ts';
import type { BrokenLiveness } from '../liveness/liveness.ts';
import type { Violation } from '../violation.ts';
import { statesMaxDefault } from './limits.ts';
import type { Limit } from './limits.ts';
import { movesTo, runAlong, runTo } from './path.ts';
import type { Survey } from './survey.ts';
import { acrossVariants } from './variants.ts';
import type { Watch } from './watch.ts';

/** What came of a search. */
export interface Verdicts {
  readonly ended: 'done' | 'violation' | Limit;
  /** Whether all worlds were looked at, and all that is said of whole runs was decided. */
  readonly isWhole: boolean;
  readonly undecided: readonly string[];
  readonly violations: readonly Violation[];
}

/** What was found of one property after the search: nothing where it holds. */
export interface LateVerdict {
  readonly limit?: Limit | undefined;
  readonly undecided?: string;
  readonly violation?: Violation;
}

/** The verdicts of a search. What is said of whole runs is decided where all worlds were seen. */
export function createVerdicts(found: Survey): Verdicts {
  const { limit, watch } = found;
  const seen = brokenWorlds(found);
  const broken = new Set(seen.map(({ property }) => property));
  const open = openNames(watch).filter((name) => !broken.has(name));
  const cut = { isWhole: false, undecided: open };
  if (seen.length > 0) return { ...cut, ended: 'violation', violations: seen };
  if (limit !== undefined) return { ...cut, ended: limit, violations: [] };
  const late = [...liveness(found), ...acrossVariants(found)];
  const missed = watch.missed().map((property): Violation => ({ property }));
  const violations = [...late.flatMap(({ violation }) => violation ?? []), ...missed];
  const undecided = late.flatMap(({ undecided: name }) => name ?? []);
  const ended = violations.length > 0 ? 'violation' : late.find((one) => one.limit)?.limit;
  return { ended: ended ?? 'done', isWhole: undecided.length === 0, undecided, violations };
}

function brokenWorlds(found: Survey): readonly Violation[] {
  return found.watch.broken().map(({ other, property, state }) => {
    const run = runTo(found, state);
    return other === undefined
      ? { property, run }
      : { other: { run: runTo(found, other) }, property, run };
  });
}

/** What a search that ends early has not decided: what is said of whole runs, and what it did not come to. */
function openNames({ agreements, liveness: open, missed }: Watch): readonly string[] {
  return [...[...open, ...agreements].map(({ property }) => property.name), ...missed()];
}

function liveness(found: Survey): readonly LateVerdict[] {
  const { bytesMax = Number.POSITIVE_INFINITY, statesMax = statesMaxDefault } = found.options;
  return found.watch.liveness.map(({ bytes, decide, property: { name } }): LateVerdict => {
    const verdict = decide({ bytesMax, statesMax });
    switch (verdict.type) {
      case 'cut':
        return { limit: bytes() > bytesMax ? 'bytes-max' : 'states-max', undecided: name };
      case 'broken':
        return { violation: brokenRun(found, name, verdict) };
      case 'holds':
        return {};
      default:
        return unreachable(verdict);
    }
  });
}

/** A way there, and once round. */
function brokenRun(
  { origins, system, walker }: Survey,
  property: string,
  { from, moves, turn }: BrokenLiveness,
): Violation {
  const stem = [...movesTo(origins, from), ...moves];
  const run = runAlong(system, walker, [...stem, ...turn]);
  const base = { assumes: fairness, property, run };
  // The first step of a run is the start itself.
  return turn.length === 0 ? base : { ...base, loop: { from: stem.length + 1 } };
}
