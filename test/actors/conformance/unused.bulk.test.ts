import { describe, expect, test } from 'vitest';

import { parseProgram } from '../../../actors/conformance/program.ts';
import { firstDisagreement } from '../../../src/app/cli/conform/agreement.ts';
import { createJudge } from '../../../src/app/cli/conform/judge.ts';
import { unusedInFastMode, unusedPrograms } from './recorded.ts';

const rpcTimeout = 4;

/** Programs of the file that disagree, with what is not as recorded; in order, and by so many schedules. */
function disagreements(
  programs: ReturnType<typeof unusedPrograms>,
  setting: Omit<Parameters<typeof createJudge>[1] & object, 'rpcTimeout'>,
  count = 1,
): readonly string[] {
  return programs.flatMap(({ golden, program }) => {
    const judge = createJudge(program, { ...setting, rpcTimeout });
    const { dissent, outcome } = judge({ count, from: 1 }, () => undefined);
    const text = firstDisagreement(outcome, Object(golden)) ?? dissent?.difference;
    return text === undefined ? [] : [`${program.id}: ${text}`];
  });
}

describe('programs with messages that the roots do not need', () => {
  test.each(['hardened', 'pytorch-2.6'] as const)(
    'end in FAST mode as in PyTorch, %s',
    (profile) => {
      const programs = unusedInFastMode().filter(
        (_, index) => profile === 'hardened' || index % 4 === 0,
      );
      expect(disagreements(programs, { mode: 'fast', profile })).toEqual([]);
    },
  );

  const programs = unusedPrograms();

  test('are forty', () => {
    expect(programs).toHaveLength(40);
  });

  describe.each(['smart', 'smart-discovery'] as const)('in %s mode', (mode) => {
    // What every schedule gives, random programs show; `orrery conform --schedules` takes more of these.
    test.each(
      programs.map((one, index) => [one.program.id, one, index % 4 === 0 ? 1 : 0] as const),
    )('program %s gives the gradients of local autograd', (_, one, count) => {
      expect(disagreements([one], { mode, profile: 'hardened' }, count)).toEqual([]);
    });
  });
});

test('says which send function waits, why, and which line and value made it', () => {
  const [first] = unusedInFastMode();
  if (first === undefined) throw new Error('nothing was recorded');
  const judge = createJudge(first.program, { mode: 'fast', profile: 'pytorch-2.6', rpcTimeout });
  const { outcome } = judge({ count: 0, from: 1 }, () => undefined);
  expect(outcome.outcome).toBe('stuck');
  expect(outcome.waits).toHaveLength(1);
  expect(outcome.message).toMatch(
    /^stuck: send \(0, 1\) on worker0 waits for a gradient that cannot come: the roots depend on nothing that worker1 made of it; made by rpc\.remote\(1, applyOp\) on worker0 at actors\/conformance\/functions\.ts:\d+, for value v0 of the program$/,
  );
});

const leaf = { kind: 'leaf', requires_grad: true, shape: [1], data: [1] };
const exp = { kind: 'op', op: 'exp' };
const sum = { id: 'r', kind: 'op', op: 'sum', args: ['c'], via: 'local' };

/** A pass that no gradient has reached has not begun, and a lease is no gradient that is under way. */
test.each([
  [
    'where the pass that it waits for has not begun',
    [
      { ...leaf, id: 'a', worker: 0 },
      { ...exp, id: 'c', args: ['a'], via: 'rpc_sync', to: 1 },
      { ...exp, id: 'u', args: ['c'], via: 'relay', hops: [1, 2] },
      sum,
    ],
  ],
  [
    'while others hold leases of the context',
    [
      { ...leaf, id: 'a', worker: 0 },
      { ...leaf, id: 'b', worker: 2 },
      { kind: 'op', op: 'mul', id: 'c', args: ['a', 'b'], via: 'rpc_sync', to: 1 },
      { ...exp, id: 'd', args: ['c'], via: 'remote', to: 2 },
      { ...exp, id: 'u', args: ['c'], via: 'rpc_async', to: 2 },
      sum,
    ],
  ],
])('names the value that nobody uses %s', (_, values) => {
  const program = parseProgram({ id: 'p', roots: ['r'], values, workers: 3 });
  const { outcome } = createJudge(program)({ count: 0, from: 1 }, () => undefined);
  expect(outcome.waits?.[0]).toMatch(
    /the roots depend on nothing .* for value [ud] of the program$/,
  );
});
