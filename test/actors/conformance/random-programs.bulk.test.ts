import { assert, nat, property } from 'fast-check';
import { expect, test } from 'vitest';

import type { ConformanceProgram } from '../../../actors/conformance/program.ts';
import { firstDisagreement } from '../../../src/app/cli/conform/agreement.ts';
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

/**
 * FAST mode comes to an end exactly where no worker that takes part sent what the roots do not need. A remote call
 * that nobody waits for may send when the pass has begun, so each run is held against what it counted itself.
 */
function checkFast(program: ConformanceProgram, { local, seed, smart }: Known): string {
  const { outcome, passes } = observe(program, { backwardMode: 'fast', seed });
  const fails = smart.outcome.outcome === 'error';
  const isToEnd = fails || passes.every(({ counted, used }) => isWithin(counted, used));
  expect(isToEnd).toBe(outcome.outcome === 'ok' || outcome.outcome === 'error');
  expect(isToEnd ? firstDisagreement(outcome, local) : undefined).toBeUndefined();
  const wasExact = passes.every(({ unused, used }) => {
    const taking = new Set(['0', ...used.map(workerOf)]);
    return unused.every((id) => !taking.has(workerOf(id)));
  });
  expect(wasExact || fails || !isToEnd).toBe(true);
  return outcome.outcome;
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}

function workerOf(id: string): string {
  return String(BigInt(id) >> 48n);
}
