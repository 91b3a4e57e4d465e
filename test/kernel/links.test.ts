import { describe, expect, test } from 'vitest';

import { say, talk, walk } from './talk.ts';

const abc = { ann: [say('bob', 'a', 'b', 'a')] };

describe('a fifo link', () => {
  test('delivers in order', () => {
    const at = walk(talk({ inputs: abc, time: 'untimed' })).take('input say to ann');
    expect(at.offered()).toEqual(['deliver a']);
    expect(at.take('deliver a', 'deliver b', 'deliver a').heard('bob')).toEqual(['a', 'b', 'a']);
  });

  test('orders each pair of actors alone', () => {
    const inputs = { ann: [say('cid', 'a', 'b')], bob: [say('cid', 'c')] };
    const at = walk(talk({ inputs, time: 'untimed' })).take('input say to ann', 'input say to bob');
    expect(at.offered()).toEqual(['deliver a', 'deliver c']);
  });
});

describe('an unordered link', () => {
  const options = { inputs: abc, network: { links: 'unordered' }, time: 'untimed' } as const;

  test('offers one of each group of equal messages', () => {
    const at = walk(talk(options)).take('input say to ann');
    expect(at.offered()).toEqual(['deliver a', 'deliver b']);
    expect(at.take('deliver b', 'deliver a', 'deliver a').heard('bob')).toEqual(['b', 'a', 'a']);
  });

  test('is a multiset: how often a message is in flight counts, its place does not', () => {
    const system = talk({
      ...options,
      inputs: { ann: [say('bob', 'a', 'b'), say('bob', 'b', 'a')] },
    });
    const first = system.start().world;
    const [one, two] = system
      .choices(first)
      .map((choice) => system.hash(system.apply(first, choice).world));
    // The budgets of the two inputs differ, and nothing else does.
    expect(one).not.toBe(two);
    const again = talk({ ...options, inputs: { ann: [say('bob', 'a', 'b')] } });
    const other = talk({ ...options, inputs: { ann: [say('bob', 'b', 'a')] } });
    const hashes = [again, other].map((each) =>
      each.hash(walk(each).take('input say to ann').world),
    );
    expect(hashes[0]).toBe(hashes[1]);
  });
});

describe('a persistent link', () => {
  const options = { inputs: abc, network: { links: 'persistent' }, time: 'untimed' } as const;

  test('holds each message once and never lets it go', () => {
    const at = walk(talk(options)).take('input say to ann');
    expect(at.offered()).toEqual(['deliver a', 'deliver b']);
    const later = at.take('deliver a', 'deliver a');
    expect(later.heard('bob')).toEqual(['a', 'a']);
    expect(later.offered()).toEqual(['deliver a', 'deliver b']);
  });

  test('gives each reading a name of its own', () => {
    const system = talk(options);
    const first = walk(system).take('input say to ann');
    const names = [first, first.take('deliver a'), first.take('deliver a', 'deliver a')].map(
      ({ world }) => system.choices(world)[0]?.name,
    );
    expect(new Set(names).size).toBe(3);
  });

  test('keeps its messages from a node that is down', () => {
    const at = walk(talk({ ...options, faults: { crash: 1 }, unhandled: 'keep' })).take(
      'input say to ann',
      'crash bob',
    );
    expect(at.offered()).toEqual([]);
  });
});

describe('mail that nobody takes', () => {
  const inputs = { ann: [say('nobody', 'a')] };

  test('is a mistake', () => {
    expect(() => walk(talk({ inputs })).take('input say to ann')).toThrow(
      expect.objectContaining({ code: 'runtime/unknown-actor' }),
    );
  });

  test('is a dead letter where the system says so', () => {
    const at = walk(talk({ inputs, unknownActors: 'dead-letter' })).take('input say to ann');
    expect(at.steps.at(-1)?.happened).toContainEqual(
      expect.objectContaining({ type: 'lost', why: 'dead-letter', to: 'nobody' }),
    );
    expect(at.offered()).toEqual([]);
  });
});

describe('a delivery that changes and sends nothing', () => {
  const inputs = { ann: [say('bob', '', 'a')] };

  test('consumes the message, as in XState', () => {
    const at = walk(talk({ inputs, time: 'untimed' })).take('input say to ann');
    expect(at.offered()).toEqual(['deliver ']);
    expect(at.take('deliver ').offered()).toEqual(['deliver a']);
  });

  test('is no choice where messages are kept, and blocks what is behind it in order', () => {
    const at = walk(talk({ inputs, time: 'untimed', unhandled: 'keep' })).take('input say to ann');
    expect(at.offered()).toEqual([]);
    const network = { links: 'unordered' } as const;
    const unordered = talk({ inputs, network, time: 'untimed', unhandled: 'keep' });
    expect(walk(unordered).take('input say to ann').offered()).toEqual(['deliver a']);
  });
});
