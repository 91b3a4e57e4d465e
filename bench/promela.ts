/** Two-phase commit for SPIN, built and run: what our search is held against. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A run of SPIN's verifier. */
export interface SpinRun {
  readonly cpuMs: number;
  readonly states: number;
  readonly wallMs: number;
}

/** What is said where SPIN or a C compiler is missing. */
export const howToGetSpin = 'SPIN is not here: `apt-get install spin gcc`, then run this again';

/** A verifier of the model, compiled; `undefined` without SPIN or a compiler. */
export function compileSpin(rms: number): (() => SpinRun) | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-spin-'));
  writeFileSync(join(folder, 'model.pml'), modelOf(rms));
  const options = ['-O2', '-DSAFETY', '-DNOREDUCE', '-o', 'pan', 'pan.c'];
  for (const [command, args] of [
    ['spin', ['-a', 'model.pml']] as const,
    ['gcc', options] as const,
  ]) {
    if (spawnSync(command, args, { cwd: folder, stdio: 'ignore' }).status !== 0) return undefined;
  }
  return () => runVerifier(folder);
}

function runVerifier(folder: string): SpinRun {
  const before = process.resourceUsage();
  const start = performance.now();
  const text = execFileSync('bash', ['-c', 'times; ./pan -w24; times'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const wallMs = performance.now() - start;
  const after = process.resourceUsage();
  if (!/errors: 0/.test(text)) throw new Error(`SPIN found what is none:\n${text}`);
  const children = childTimes(text);
  return {
    cpuMs: children ?? (after.userCPUTime - before.userCPUTime) / 1000,
    states: Number(/(?<states>\d+) states, stored/.exec(text)?.groups?.['states'] ?? 0),
    wallMs,
  };
}

/** The last line of `times` is what children took: user and system. */
function childTimes(text: string): number | undefined {
  const [last = ''] = text.trim().split('\n').slice(-1);
  const parts = [...last.matchAll(/(?<minutes>\d+)m(?<seconds>[\d.]+)s/g)];
  if (parts.length === 0) return undefined;
  return parts.reduce(
    (sum, { groups }) =>
      sum + (Number(groups?.['minutes'] ?? 0) * 60 + Number(groups?.['seconds'] ?? 0)) * 1000,
    0,
  );
}

/**
 * The model of Gray and Lamport, "Consensus on Transaction Commit", 2006, appendix A: messages are never
 * consumed, so a set of them is a bit for each. The monitor can only move where some have committed and
 * others aborted, so that is looked at in every state.
 */
function modelOf(rms: number): string {
  const all = Array.from({ length: rms }, (_, index) => index);
  const each = (make: (index: number) => string, between: string): string =>
    all.map(make).join(between);
  const steps = each(
    (index) => `  :: d_step { tm == 0 && said[${index}] -> noted[${index}] = 1 }
  :: d_step { rm[${index}] == 0 -> rm[${index}] = 1; said[${index}] = 1 }
  :: d_step { rm[${index}] == 0 -> rm[${index}] = 3 }
  :: d_step { saidCommit -> rm[${index}] = 2 }
  :: d_step { saidAbort -> rm[${index}] = 3 }`,
    '\n',
  );
  return `/* rm: 0 working, 1 prepared, 2 committed, 3 aborted; tm: 0 collecting, 1 committed, 2 aborted */
byte rm[${rms}];
byte tm;
bit noted[${rms}];
bit said[${rms}];
bit saidCommit, saidAbort;
active proctype system() {
  do
  :: d_step { tm == 0 && ${each((index) => `noted[${index}]`, ' && ')} -> tm = 1; saidCommit = 1 }
  :: d_step { tm == 0 -> tm = 2; saidAbort = 1 }
${steps}
  od
}
active proctype monitor() {
  d_step {
    (${each((index) => `rm[${index}] == 2`, ' || ')}) && (${each((index) => `rm[${index}] == 3`, ' || ')})
    -> assert(false)
  }
}
`;
}
