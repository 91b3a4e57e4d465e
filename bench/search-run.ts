/** One exhaustive search in a process of its own, from its start. */
import { spawnSync } from 'node:child_process';

/** What a search took. */
export interface SearchRun {
  readonly bytesPerState: number;
  readonly complete: boolean;
  readonly cpuMs: number;
  readonly depth: number;
  readonly rssMb: number;
  readonly states: number;
  readonly transitions: number;
  readonly wallMs: number;
}

/** The definition of a system: a call of what a built module of the examples exports. */
export interface Built {
  readonly argument: unknown;
  readonly export: string;
  readonly module: string;
}

/** Searches all worlds of a system through the door of the built package, its properties checked in each. */
export function searchRun(built: Built): SearchRun {
  // cast -- what the script below prints
  return timed(script(built)) as SearchRun;
}

/** What a check of several threads took. */
export type ThreadsRun = Pick<SearchRun, 'complete' | 'cpuMs' | 'states' | 'wallMs'> & {
  readonly notes: readonly string[];
};

/** Checks two-phase commit as `orrery check --threads` does, in a process of its own, from its start. */
export function threadsRun(rms: number, threads: number): ThreadsRun {
  // cast -- what the script below prints
  return timed(threadsScript(rms, threads)) as ThreadsRun;
}

function timed(text: string): unknown {
  const start = performance.now();
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '--max-old-space-size=6000', '-e', text],
    { encoding: 'utf8' },
  );
  const wallMs = performance.now() - start;
  if (status !== 0) throw new Error(stderr);
  // cast -- an object, which the scripts below print
  return { ...(JSON.parse(stdout) as object), wallMs };
}

/** The command line itself; instead of its answer what it took is printed. */
function threadsScript(rms: number, threads: number): string {
  const main = JSON.stringify(new URL('../dist/src/app/cli/main.js', import.meta.url).href);
  const given = `check two-phase-commit --param rms=${rms} --threads ${threads} --json`;
  return `
import { writeSync } from 'node:fs';
const lines = [];
process.stdout.write = (text) => lines.push(text);
process.on('exit', () => {
  const { complete, notes, states } = JSON.parse(lines.join(''));
  const { system, user } = process.cpuUsage();
  writeSync(1, JSON.stringify({ complete, cpuMs: (system + user) / 1000, notes, states }));
});
process.argv.push('orrery', ...${JSON.stringify(given)}.split(' '));
await import(${main});`;
}

function script({ argument, export: name, module }: Built): string {
  const [door, example] = ['src/index.js', `examples/protocols/${module}.js`].map((path) =>
    JSON.stringify(new URL(`../dist/${path}`, import.meta.url).href),
  );
  return `
import { defineSystem, search } from ${door};
import { ${name} } from ${example};
const definition = ${name}(${JSON.stringify(argument)});
const { bytesPerState, complete, depth, states, transitions, violations } = search(defineSystem(definition), {
  properties: definition.properties,
});
const { system, user } = process.cpuUsage();
const rssMb = process.resourceUsage().maxRSS / 1024;
const cpuMs = (system + user) / 1000;
process.stdout.write(
  JSON.stringify({
    bytesPerState,
    complete: complete && violations.length === 0,
    cpuMs,
    depth,
    rssMb,
    states,
    transitions,
  }),
);`;
}
