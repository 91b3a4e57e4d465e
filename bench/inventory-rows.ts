/**
 * PyTorch's own tests of RPC as a list of behaviours, and which of them have a test here: one whose title
 * carries the name as `RpcTest.test_add`.
 *
 * @see PyTorch 2.6, `torch/testing/_internal/distributed/rpc`; `test/cpp/rpc`, `test/cpp/dist_autograd`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One of PyTorch's tests. `Y` applies as it is, `P` after an adaptation, `N` does not apply. */
export interface Row {
  readonly about: string;
  readonly group: string;
  /** `RpcTest.test_add`. */
  readonly name: string;
  readonly verdict: 'N' | 'P' | 'Y';
}

/** How many rows of a group have a test here. */
export interface Coverage {
  readonly applicable: readonly Row[];
  readonly covered: readonly Row[];
  readonly group: string;
  readonly title: string;
}

/** The groups by their letters. */
const groupTitles: Readonly<Record<string, string>> = {
  A: 'Directory, names, init, options',
  B: 'Basic calls (builtin, Python UDF, containers)',
  C: 'Errors and exceptions of calls',
  D: 'Futures and callbacks',
  E: 'async_execution functions',
  F: 'RRef: creation, use, sharing',
  G: 'RRef: types and proxies',
  H: 'RRef: leaks, debug info, shutdown use',
  I: 'Timeouts',
  J: 'Gather, barrier, shutdown',
  K: 'RRef.backward and parameter server',
  L: 'Profiling',
  M: 'Sparse-tensor twins',
  N: 'Dynamic groups',
  O: 'Device maps (symbolic devices)',
  P: 'CUDA streams, CUDA futures',
  Q: 'Fault injection',
  R: 'Autograd contexts',
  S: 'Recorded graph',
  T: 'Backward',
  U: 'Distributed optimizer',
  V: 'Examples',
  W: 'TorchScript',
  X: 'Tests of the C++ sources',
};

/** The rows of the inventory. */
export function readInventory(root: string): readonly Row[] {
  const text = readFileSync(join(root, 'test/pytorch/inventory.tsv'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [group = '', type = '', test = '', verdict = '', about = ''] = line.split('\t');
      if (verdict !== 'Y' && verdict !== 'P' && verdict !== 'N') {
        throw new Error(`The row of ${type}.${test} has the verdict "${verdict}".`);
      }
      return { about, group, name: `${type}.${test}`, verdict };
    });
}

/** The names of PyTorch's tests that stand in texts of the tests here. */
export function namesInTests(root: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const file of testFiles(join(root, 'test'))) {
    const text = readFileSync(file, 'utf8');
    for (const [, name = ''] of text.matchAll(/['"`](\w*Test\w*\.[Tt]est\w+)\b/g)) names.add(name);
  }
  return names;
}

/** The coverage of each group that has a row that applies. */
export function coverageOf(rows: readonly Row[], names: ReadonlySet<string>): readonly Coverage[] {
  return Object.entries(groupTitles).flatMap(([group, title]) => {
    const applicable = rows.filter((row) => row.group === group && row.verdict !== 'N');
    const covered = applicable.filter(({ name }) => names.has(name));
    return applicable.length === 0 ? [] : [{ applicable, covered, group, title }];
  });
}

function testFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}
