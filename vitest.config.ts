import { defineConfig } from 'vitest/config';

import { closingLine } from './test/support/closing-line.ts';

export default defineConfig({
  test: {
    // Files of one worker share a process and run in random order: a test that leans on module state fails.
    isolate: false,
    // Vitest itself would leave a core free, which is half of a small machine.
    maxWorkers: '100%',
    // The second project finds what the first one compiled, and the next run both.
    experimental: { fsModuleCache: true },
    sequence: { shuffle: true },
    reporters: ['default', closingLine()],
    projects: [
      {
        extends: true,
        test: {
          name: 'audited',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.bulk.test.ts'],
          // Steps are computed twice and compared; see src/runtime/audit.ts.
          env: { ORRERY_AUDIT: '1' },
        },
      },
      // Many runs of what the others hold step by step: they show what comes out, and are not audited.
      { extends: true, test: { name: 'bulk', include: ['test/**/*.bulk.test.ts'] } },
    ],
    // Long enough for every tape of a property on a slow machine; no test measures time.
    testTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['src/**', 'machines/**', 'actors/**'],
    },
  },
});
