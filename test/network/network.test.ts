import { describe, expect, test } from 'vitest';

import { address, nodeId } from '../../src/core/brand.ts';
import { deliverAfter, dropped, ms } from '../../src/index.ts';
import { createNetwork } from '../../src/network/network.ts';

const transit = {
  event: { type: 'word' },
  from: address('ann'),
  fromNode: nodeId('ann'),
  to: address('bob'),
  toNode: nodeId('bob'),
};

describe('a network of which nothing is said', () => {
  test('delivers in order, after a millisecond, and loses what the dead should get', () => {
    const network = createNetwork();
    expect(network.linkKind(transit)).toBe('fifo');
    expect(network.verdict(transit)).toEqual({ type: 'deliver', after: [ms(1)] });
    expect(network).toMatchObject({ partitions: [], toDownNode: 'lost' });
  });
});

describe('rules', () => {
  test('are asked in order; the first that has a verdict decides', () => {
    const { verdict } = createNetwork({
      latency: [ms(7)],
      rules: [
        ({ to }) => (to === 'cid' ? dropped : undefined),
        ({ event }) => (event.type === 'late' ? deliverAfter(ms(9)) : undefined),
        () => undefined,
      ],
    });
    expect(verdict({ ...transit, to: address('cid') })).toEqual({ type: 'drop' });
    expect(verdict({ ...transit, event: { type: 'late' } })).toMatchObject({ after: [ms(9)] });
    expect(verdict(transit)).toMatchObject({ after: [ms(7)] });
  });

  test('may give each link a kind of its own', () => {
    const { linkKind } = createNetwork({
      links: ({ toNode }) => (toNode === 'bob' ? 'unordered' : 'fifo'),
    });
    expect(linkKind(transit)).toBe('unordered');
    expect(linkKind({ ...transit, toNode: nodeId('cid') })).toBe('fifo');
  });
});

describe('delays', () => {
  test('are a set, the soonest first', () => {
    expect(deliverAfter(ms(5), ms(1), ms(5))).toEqual({ type: 'deliver', after: [ms(1), ms(5)] });
  });

  test('cannot be none', () => {
    const none = expect.objectContaining({ code: 'network/no-latency' });
    expect(() => deliverAfter()).toThrow(none);
    expect(() => createNetwork({ latency: [] })).toThrow(none);
  });
});
