import { assert, nat, property } from 'fast-check';
import { expect, test } from 'vitest';

import type { ConformanceProgram } from '../../../actors/conformance/program.ts';
import { firstDisagreement } from '../../../src/app/cli/agreement.ts';
import { programs } from './arbitrary.ts';
import { localOutcome } from './local.ts';
import type { Observed } from './observed.ts';
import { observe } from './observed.ts';

/** Environment: how many programs, and from which seed. */
const programsMax = Number(process.env['ORRERY_PROGRAMS'] ?? '1000');

/** Of the same program under a schedule of its own for each mode. */
test('random programs give the gradients of local autograd in all modes', () => {
  const kinds = new Map<string, number>();
  assert(
    property(
      programs({ leavesMax: 2, opsMax: 4, workersMax: 3 }),
      nat({ max: 1_000 }),
      (program, seed) => {
        const local = localOutcome(program);
        for (const backwardMode of ['smart', 'smart-discovery'] as const) {
          const observed = observe(program, { backwardMode, seed });
          checkExact(observed, local);
          if (backwardMode === 'smart') {
            const kind = checkFast(program, { local, seed, smart: observed });
            kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
          }
        }
      },
    ),
    { numRuns: programsMax, seed: 1 },
  );
  for (const kind of ['ok', 'stuck', 'time-out', 'error']) {
    expect([...kinds.keys()]).toContain(kind);
  }
}, 900_000);

/** M1 to M3, M5 and M6. */
function checkExact({ left, outcome, passes }: Observed, local: object): void {
  expect(firstDisagreement(outcome, local)).toBeUndefined();
  expect(outcome.outcome).toMatch(/^ok$|^error$/);
  for (const { counted, fed, used } of passes) {
    expect(counted).toEqual(used);
    expect(fed).toEqual(used);
  }
  // What an error cuts off may leave contexts of calls that are still under way.
  expect(outcome.outcome === 'ok' ? left : []).toEqual([]);
}

interface Known {
  readonly local: object;
  readonly seed: number;
  readonly smart: Observed;
}

/** FAST mode comes to an end exactly where no worker that takes part sent what the roots do not need. */
function checkFast(program: ConformanceProgram, { local, seed, smart }: Known): string {
  const { outcome } = observe(program, { backwardMode: 'fast', seed });
  const isExact = smart.passes.every(({ unused, used }) => {
    const taking = new Set(['0', ...used.map(workerOf)]);
    return unused.every((id) => !taking.has(workerOf(id)));
  });
  const isToEnd = smart.outcome.outcome === 'error' || isExact;
  expect(isToEnd).toBe(outcome.outcome === 'ok' || outcome.outcome === 'error');
  expect(isToEnd ? firstDisagreement(outcome, local) : undefined).toBeUndefined();
  return outcome.outcome;
}

function workerOf(id: string): string {
  return String(BigInt(id) >> 48n);
}
