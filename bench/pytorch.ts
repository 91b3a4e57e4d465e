/**
 * Runs the scripts in `examples/pytorch` on real PyTorch, keeps what they print beside them, and writes the page that
 * shows each next to the run that the museum has of the same bug. `npm run evidence:pytorch -- page` writes
 * the page alone; `ORRERY_PYTHON` names a Python that has PyTorch with RPC.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

import { writePyTorchPage } from './pytorch-page.ts';

const folder = new URL('../examples/pytorch/', import.meta.url);
const python = process.env['ORRERY_PYTHON'] ?? 'python3';
// The scripts end themselves after 30 s.
const timeout = 60_000;

const ids = readdirSync(folder)
  .filter((file) => file.endsWith('.py') && file !== 'workers.py')
  .map((file) => file.replace('.py', ''));

for (const id of process.argv.includes('page') ? [] : ids) {
  const { status, stderr, stdout } = spawnSync(python, [`${id}.py`], {
    cwd: folder,
    encoding: 'utf8',
    timeout,
  });
  if (status !== 0) {
    process.stderr.write(`${id}.py ended with ${status}:\n${stdout}${stderr}\n`);
    process.exit(1);
  }
  writeFileSync(new URL(`recorded/${id}.txt`, folder), `${stdout}${assertionsIn(stderr)}`);
  process.stdout.write(readFileSync(new URL(`recorded/${id}.txt`, folder), 'utf8'));
}
writePyTorchPage(ids);

/** What PyTorch's own log says of a broken assertion: once, and without the place in memory. */
function assertionsIn(log: string): string {
  const found = [...log.matchAll(/INTERNAL ASSERT FAILED at "[^"]*\/([^"/]+)":(\d+)/g)];
  const lines = found.map(([, file, line]) => `log: INTERNAL ASSERT FAILED at ${file}:${line}\n`);
  return [...new Set(lines)].join('');
}
