import type { Reporter } from 'vitest/node';

/** Ends a test run with one plain line, `N passed, N failed`, that a script can read. */
export function closingLine(): Reporter {
  return {
    onTestRunEnd(modules, errors) {
      const tests = modules.flatMap((module) => [...module.children.allTests()]);
      const count = (state: string) => tests.filter((test) => test.result().state === state).length;
      // A file that does not load and an error outside every test have no test of their own to fail.
      const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
      const skipped = count('skipped') + count('pending');
      const line = `${count('passed')} passed, ${count('failed') + broken} failed`;
      process.stdout.write(skipped === 0 ? `${line}\n` : `${line}, ${skipped} skipped\n`);
    },
  };
}
