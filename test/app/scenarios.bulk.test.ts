import { join } from 'node:path';
import { expect, test } from 'vitest';

import { scenarios } from '../../src/app/cli/scenarios.ts';
import { cli, inFolder } from './cli.ts';

test('lists every scenario with its parameters', async () => {
  const { out } = await cli('list', '--json');
  const { scenarios: listed } = JSON.parse(out) as {
    readonly scenarios: readonly { readonly name: string }[];
  };
  expect(listed.map(({ name }) => name)).toEqual(Object.keys(scenarios));
  expect(listed).toContainEqual(
    expect.objectContaining({
      name: 'two-phase-commit',
      params: { bug: 'none', repeats: true, rms: 3 },
    }),
  );
});

test.each(Object.keys(scenarios))('runs %s and its trace again, at random', async (name) => {
  await inFolder(async (folder) => {
    const file = join(folder, 'run.json');
    const ran = await cli(
      'run',
      name,
      '--seed',
      '11',
      '--steps-max',
      '300',
      '--quiet',
      '--out',
      file,
    );
    expect(ran).toMatchObject({ code: 0, err: '' });
    const { code, out } = await cli('replay', file, '--quiet');
    expect(out).toContain('the same as recorded');
    expect(code).toBe(0);
  });
});

test('ends the traced call with the gradients of a sum', async () => {
  const { out } = await cli('run', 'traced-call', '--json');
  expect(JSON.parse(out)).toMatchObject({
    outcome: { type: 'returned', value: { left: [1, 1], loss: [10], right: [1, 1] } },
  });
});

test.each(['sharing-with-owner', 'sharing-by-owner', 'sharing-among-users'])(
  'ends %s with the value, whatever comes first',
  async (name) => {
    for (const seed of ['1', '2', '3', '4', '5']) {
      const { out } = await cli('run', name, '--seed', seed, '--json');
      expect(JSON.parse(out)).toMatchObject({ outcome: { type: 'returned', value: 42 } });
    }
  },
);
