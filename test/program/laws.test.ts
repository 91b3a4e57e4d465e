/**
 * Laws of user code over random programs. A script is data; `interpret` is one user function that can be
 * any program: it asks, counts, calls, catches, restarts, and what it does depends on the answers.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { advance } from '../../src/program/advance.ts';
import type { Advance } from '../../src/program/advance.ts';
import { defineFunctions } from '../../src/program/function-registry.ts';
import { answer } from '../../src/program/history.ts';
import type { Outcome } from '../../src/program/history.ts';
import { call, checkpoint } from '../../src/program/request.ts';
import type { Program } from '../../src/program/request.ts';
import {
  ask,
  count,
  counting,
  hashOf,
  refuse,
  resume,
  returned,
  runAll,
  start,
  threw,
} from './drive.ts';
import type { Counter, Host } from './drive.ts';

type Script = readonly Operation[];
type Operation =
  | { readonly type: 'ask' | 'count' | 'refuse' | 'restart' | 'skipIfOdd' }
  | { readonly type: 'call' | 'delegate' | 'try'; readonly script: Script };

/** Runs a script and sums up what it was told. */
function* interpret({ script, sum }: { script: Script; sum: number }): Program<number> {
  let total = sum;
  for (let at = 0; at < script.length; at += 1) {
    const operation = script[at];
    if (operation === undefined) break;
    switch (operation.type) {
      case 'ask':
        total += yield* ask(total);
        break;
      case 'count':
        total += yield* count();
        break;
      case 'refuse':
        yield* refuse();
        break;
      case 'restart':
        return yield* checkpoint({ script: script.slice(at + 1), sum: total });
      case 'skipIfOdd':
        at += Math.abs(total % 2);
        break;
      case 'call':
        total += yield* call(interpret, [{ script: operation.script, sum: total }]);
        break;
      case 'delegate':
        total += yield* withoutRestart(operation.script, total);
        break;
      default:
        total += yield* rescued(operation.script, total);
    }
  }
  return total;
}

/** A checkpoint restarts the whole function, so what is delegated goes without. */
function withoutRestart(script: Script, sum: number): Program<number> {
  return interpret({ script: script.filter(({ type }) => type !== 'restart'), sum });
}

function* rescued(script: Script, sum: number): Program<number> {
  try {
    return yield* withoutRestart(script, sum);
  } catch (error) {
    return (error instanceof Error ? error.message.length : 0) + (yield* ask('rescued'));
  }
}

function createHost(replay: 'always' | 'when-needed' = 'when-needed'): Host {
  return { registry: defineFunctions({ interpret }), local: counting, replay };
}

const scripts = fc.letrec<{ script: Script; operation: Operation }>((tie) => ({
  script: fc.array(tie('operation'), { maxLength: 6 }),
  operation: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      type: fc.constantFrom<'ask' | 'count' | 'refuse' | 'restart' | 'skipIfOdd'>(
        'ask',
        'count',
        'skipIfOdd',
        'ask',
        'restart',
        'refuse',
      ),
    }),
    fc.record({
      type: fc.constantFrom<'call' | 'delegate' | 'try'>('call', 'delegate', 'try'),
      script: tie('script'),
    }),
  ),
})).script;

const outcomes = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 9 }).map(returned) },
  { weight: 1, arbitrary: fc.constantFrom('A', 'Bad').map((name) => threw(name, `${name} news`)) },
);
const answers = fc.array(outcomes, { maxLength: 12 });

function run(host: Host, script: Script, given: readonly Outcome[]): readonly Advance<Counter>[] {
  return runAll(host, start(host, 'interpret', [{ script, sum: 0 }]), given);
}

test('any prefix of the answers, replayed, leads to the same step', () => {
  fc.assert(
    fc.property(scripts, answers, (script, given) => {
      const steps = run(createHost(), script, given);
      for (const [index, before] of steps.slice(0, -1).entries()) {
        const state = answer(before.state, given[index] ?? returned(0));
        const replayed = advance({ ...createHost(), state });
        expect(hashOf(replayed)).toBe(hashOf(steps[index + 1]));
      }
    }),
  );
});

test('live generators and replay from scratch agree', () => {
  fc.assert(
    fc.property(scripts, answers, (script, given) => {
      const live = run(createHost(), script, given).map(hashOf);
      expect(run(createHost('always'), script, given).map(hashOf)).toEqual(live);
    }),
  );
});

test('equal histories have equal digests, and answers that differ have others', () => {
  fc.assert(
    fc.property(scripts, answers, answers, (script, one, two) => {
      const host = createHost();
      const first = run(host, script, one).at(-1);
      const second = run(createHost(), script, one).at(-1);
      expect(hashOf(first)).toBe(hashOf(second));
      const paths = [one, two].map((given) => run(host, script, given));
      const texts = paths.map((path) => JSON.stringify(path.at(-1)));
      const hashes = paths.map((path) => hashOf(path.at(-1)));
      expect(hashes[0] === hashes[1]).toBe(texts[0] === texts[1]);
    }),
  );
});

test('branches of one history never disturb each other, in whatever order they grow', () => {
  const growth = fc.array(fc.record({ from: fc.nat({ max: 30 }), outcome: outcomes }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(scripts, growth, (script, turns) => {
      const host = createHost();
      const grown: { readonly path: readonly Outcome[]; readonly step: Advance<Counter> }[] = [
        { path: [], step: start(host, 'interpret', [{ script, sum: 0 }]) },
      ];
      for (const { from, outcome } of turns) {
        const branch = grown[Math.min(from, grown.length - 1)];
        if (branch?.step.type !== 'requested') continue;
        grown.push({ path: [...branch.path, outcome], step: resume(host, branch.step, outcome) });
      }
      for (const { path, step } of grown) {
        expect(hashOf(run(createHost(), script, path).at(-1))).toBe(hashOf(step));
      }
    }),
  );
});

test('a recorded call does what plain delegation does', () => {
  fc.assert(
    fc.property(scripts, answers, (script, given) => {
      const flat = script.filter(({ type }) => type !== 'restart');
      const calls = run(createHost(), [{ type: 'count' }, { type: 'call', script: flat }], given);
      const delegates = run(
        createHost(),
        [{ type: 'count' }, { type: 'delegate', script: flat }],
        given,
      );
      expect(calls.map(seen)).toEqual(delegates.map(seen));
    }),
  );
});

test('some runs return, throw, restart, call and catch: the laws above talk about something', () => {
  const seenTypes = new Set<string>();
  fc.assert(
    fc.property(scripts, answers, (script, given) => {
      for (const { type, state } of run(createHost(), script, given)) {
        seenTypes.add(type);
        if (state.type === 'ended') continue;
        if (state.at.length > 2) seenTypes.add('long');
        const first = state.at.type === 'called' ? state.at : state.at.called;
        if (first.depth > 0) seenTypes.add('called');
      }
    }),
    { seed: 1, numRuns: 500 },
  );
  expect([...seenTypes].toSorted()).toEqual(['called', 'long', 'requested', 'returned', 'threw']);
});

function seen(step: Advance<Counter>): unknown {
  const { state: _, ...rest } = step;
  return rest;
}
