/** PyTorch's tutorials: each learns, and by the very same curve every time. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';

import { mainOutcome } from '../../actors/index.ts';
import { tutorials } from '../../examples/tutorials/curves.ts';
import { curvesOf, drawCurves, svgOf } from '../../src/app/cli/demo/learning-curve.ts';
import { defineSystem, runSystem } from '../../src/index.ts';
import { cli, inFolder } from '../app/cli.ts';

const hashes: Readonly<Record<string, string>> = {
  'parameter-server': '1263a815d61d089b',
  'recurrent-network': '4470f153c1dbba0b',
  'reinforcement-learning': 'ee630094e0d6d958',
  pipeline: '8016b40417020cd6',
  'batch-parameter-server': '749e74e929c09882',
  'distributed-optimizer': 'ba20a6e565a62e32',
};

/** PyTorch's own tests of its examples that are these tutorials. */
const pytorchTests: Readonly<Record<string, string>> = {
  'reinforcement-learning': 'ReinforcementLearningRpcTest.test_rl_rpc: ',
};

test.each(
  Object.entries(tutorials).map(([name, tutorial]) => ({
    ...tutorial,
    name,
    pytorch: pytorchTests[name] ?? '',
  })),
)(
  '$pytorch$name learns, by the same curve every time',
  ({ definition, name }) => {
    const outcome = mainOutcome(runSystem(defineSystem(definition({}))).world, 'worker0');
    const learned = outcome.type === 'returned' ? curvesOf(outcome.value) : undefined;
    const text = JSON.stringify(learned);
    expect(createHash('sha256').update(text).digest('hex').slice(0, 16)).toBe(hashes[name]);
    const isReward = learned?.measure !== 'loss';
    for (const values of Object.values(learned?.curves ?? {})) {
      const quarter = Math.ceil(values.length / 4);
      const gained = mean(values.slice(-quarter)) - mean(values.slice(0, quarter));
      expect(isReward ? gained : -gained).toBeGreaterThan(0);
    }
  },
  180_000,
);

test('a curve is drawn with characters and as SVG', () => {
  const curves = { curves: { worker0: [3, 2, 1], worker1: [2, 2, 0.5] }, measure: 'loss' };
  expect(drawCurves(curves, 60)).toContain('loss of worker0, worker1');
  const svg = svgOf(curves);
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(svg.match(/<path /g)?.length).toBeGreaterThanOrEqual(2);
  expect(curvesOf({ curves: { worker0: 'none' }, measure: 'loss' })).toEqual({
    curves: {},
    measure: 'loss',
  });
  expect(curvesOf([1, 2])).toBeUndefined();
});

test('the demo of a tutorial draws its curve, and one that is none is refused', async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/loss.svg`;
    const { code, out } = await cli('demo', 'batch-parameter-server', '--svg', file);
    expect(code).toBe(0);
    expect(out).toContain('loss of worker1, worker2, worker3');
    expect(out).toMatch(/worker2: loss 4\.\d+ at first, .* after 16 steps/);
  });
  const { code, err } = await cli('demo', 'ping-pong');
  expect(code).toBe(2);
  expect(err).toContain('"ping-pong" is no tutorial that trains');
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
