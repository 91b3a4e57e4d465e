import { expect, test } from 'vitest';

import { campaignStrategies, mannerName, swarm } from '../../../src/explore/campaign/manner.ts';

test('a swarm leaves faults out, lets some run wild, and never has more of one than is stated', () => {
  const budgets = { crash: 1, drop: 2, early: 0 };
  for (const seed of [1, 2, 3, 4, 5]) {
    const manners = swarm(campaignStrategies, budgets, seed);
    expect(new Set(manners.map(({ strategy }) => strategy)).size).toBe(campaignStrategies.length);
    expect(new Set(manners.map(mannerName)).size).toBe(manners.length);
    expect(manners.some(({ faults }) => faults?.crash === 0 && faults.drop === 0)).toBe(true);
    expect(manners.some(({ faultRate = 0 }) => faultRate > 0.1)).toBe(true);
    expect(manners.flatMap(({ faults = {} }) => Object.values(faults))).not.toContain(1);
  }
});

test('without faults there is nothing to leave out', () => {
  const names = swarm(campaignStrategies, {}, 1).map(mannerName);
  expect(names.every((name) => !/no |faults/.test(name))).toBe(true);
});
