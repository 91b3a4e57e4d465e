import { describe, expect, test } from 'vitest';

import { twoPhaseCommit } from '../../examples/protocols/two-phase-commit.ts';
import {
  agree,
  always,
  brokenProperty,
  deadlockFree,
  defineSystem,
  eventually,
  formatTrace,
  never,
  readTrace,
  recordTrace,
  runSystem,
  sometimes,
} from '../../src/index.ts';
import type { Property, View } from '../../src/index.ts';

const system = defineSystem(twoPhaseCommit({ rms: 2 }));
const dull = runSystem(system);
const decided = runSystem(system, {
  tape: [{ at: 'end', take: 'input:rm1:prepare.decided#0' }],
});
const isDone = ({ actor }: View): boolean =>
  actor('rm1')?.value === 'committed' && actor('rm2')?.value === 'committed';

describe('what a trace says of a broken property', () => {
  test.each<readonly [Property, string]>([
    [always('a', isDone), 'after step 2 rm1.value was "prepared"'],
    [never('n', ({ actor }) => actor('nobody') === undefined), 'after step 2 nobody was not there'],
    [
      never('c', ({ actor }) => actor('tm')?.context['prepared'] !== undefined),
      'after step 2 tm.context.prepared was ["rm1"]',
    ],
    [deadlockFree(isDone), 'nothing is left to do after step 2; rm1.value was "prepared"'],
    [deadlockFree(), 'nothing is left to do after step 2; it asked nothing of the world'],
    [
      always('m', (view) => view.messages().length === 0),
      'after step 2 messages in flight was [{ event: { rm: "rm1", type: "rm.prepared" }, from: "rm1", to: "tm" }]',
    ],
  ])('%o: what it read', (property, message) => {
    expect(brokenProperty(system, property, { run: decided })).toEqual({
      kind: property.type,
      message,
      name: property.name,
    });
  });

  test('where it is said of whole runs: what never comes, and which steps come again', () => {
    const property = eventually('done', isDone);
    expect(brokenProperty(system, property, { run: decided }).message).toBe(
      'nothing is left to do after step 2, and it never came; rm1.value was "prepared"',
    );
    const looping = brokenProperty(system, property, { loop: { from: 2 }, run: decided });
    expect(looping).toMatchObject({ kind: 'eventually', loop: { from: 2 } });
    expect(looping.message).toContain('steps 2 to 2 can come again and again');
    expect(brokenProperty(system, sometimes('s', isDone), {}).message).toBe('no world has it');
  });

  test('where two runs must agree: both ends, and the second tape', () => {
    const property = agree('one end', ({ actor }) => actor('rm1')?.value);
    const broken = brokenProperty(system, property, { other: { run: dull }, run: decided });
    expect(broken.message).toBe('once it ended with "prepared", once with "working"');
    expect(broken.other).toMatchObject({ hash: dull.hash, steps: 0, tape: '' });
  });

  test('is read as it was written', () => {
    const property = agree('one end', ({ actor }) => actor('rm1')?.value);
    const violation = { loop: { from: 1 }, other: { run: dull, system: 'other' }, run: decided };
    const broken = brokenProperty(system, property, violation);
    const trace = recordTrace(system, decided, { property: broken });
    expect(readTrace(formatTrace(trace))).toEqual(trace);
  });

  test('is refused where it does not fit its run', () => {
    const property = brokenProperty(system, eventually('done', isDone), {
      loop: { from: 9 },
      run: decided,
    });
    const text = formatTrace(recordTrace(system, decided, { property }));
    expect(() => readTrace(text)).toThrow(/again from step 9 on, but it has steps 1 to 2/);
  });
});
