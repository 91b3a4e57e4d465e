import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

function orrery(...argv: readonly string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', 'src/app/cli/main.ts', ...argv], {
    encoding: 'utf8',
    // Where some libraries take a pipe for a terminal.
    env: { ...process.env, CI: 'true' },
  });
}

test('is a program: what it prints goes out, mistakes go to standard error, the code says which', () => {
  const fine = orrery('run', 'ping-pong', '--json');
  expect(fine.status).toBe(0);
  expect(JSON.parse(fine.stdout)).toMatchObject({ ended: 'quiescent', scenario: 'ping-pong' });
  const bad = orrery('replay', 'package.json');
  expect(bad).toMatchObject({ status: 2, stdout: '' });
  expect(bad.stderr).toMatch(/^error: "package.json": This is JSON but no trace[^\n]*\n$/);
});

test('gives the same hash in another process', () => {
  const hashes = [1, 2].map(() => {
    const { stdout } = orrery(
      'run',
      'two-phase-commit',
      '--seed',
      '3',
      '--steps-max',
      '50',
      '--json',
    );
    return (JSON.parse(stdout) as { readonly hash: string }).hash;
  });
  expect(hashes[0]).toMatch(/^[0-9a-f]{16}$/);
  expect(hashes[0]).toBe(hashes[1]);
});

test('names the line of a module that made a gradient wait', () => {
  const { stdout } = orrery('run', 'test/app/modules/unused-call.ts', '--quiet');
  expect(stdout).toMatch(/made by rpc\.sync\(worker1, add\) on worker0 at \S*unused-call\.ts:23\n/);
}, 120_000);

test('finds the same with threads that help', () => {
  const { stdout } = orrery('check', 'two-phase-commit', 'rms=8', '--threads', '2', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    complete: true,
    depth: 26,
    notes: ['2 threads looked.'],
    states: 1_745_408,
    transitions: 18_507_778,
    violations: [],
  });
}, 120_000);

test('nothing of a module runs in threads that help', () => {
  const { status, stdout } = orrery('check', 'test/app/modules/leaving.ts', '--threads', '2');
  expect(stdout).toContain('✓ only the first thread stays');
  expect(stdout).toContain('2 threads looked.');
  expect(status).toBe(0);
}, 120_000);

test('ends quietly when nobody reads on', () => {
  const command = `"${process.execPath}" --import tsx src/app/cli/main.ts run ping-pong --param hits=2000 | head -1`;
  const { stderr, stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  expect(stdout).toMatch(/^#0 +0 ms {2}start\n$/);
  expect(stderr).not.toMatch(/EPIPE/);
});
