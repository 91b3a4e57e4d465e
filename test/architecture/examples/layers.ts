import type { Examples } from './example.ts';

export const layerExamples: Examples = {
  'every file has a layer': {
    wrong: [
      ['src/widgets/a.ts', ''],
      ['src/kernel.ts', ''],
    ],
    right: [
      ['src/kernel/deep/a.ts', ''],
      ['src/index.ts', ''],
    ],
  },
  'a layer imports only what lies below it': {
    wrong: [
      ['src/kernel/x.ts', "import { a } from '../trace/y.ts';"],
      ['src/core/x.ts', "import type { A } from '../kernel/y.ts';"],
      ['src/runtime/x.ts', "export { a } from '../explore/y.ts';"],
      ['src/runtime/x.ts', "import '../explore/y.ts';"],
      ['src/runtime/x.ts', "type A = import('../../machines/y.ts').A;"],
      ['src/runtime/x.ts', "import {\n  a,\n  b,\n} from '../../actors/y.ts';"],
      ['src/index.ts', "export { a } from './testing/index.ts';"],
      ['machines/rref/x.ts', "import { a } from '../../src/kernel/y.ts';"],
      ['actors/x.ts', "import { a } from '../src/core/y.ts';"],
      ['actors/x.ts', "import { a } from '../src/testing/index.ts';"],
      ['examples/x.ts', "import { a } from '../actors/worker.ts';"],
      ['examples/x.ts', "import { a } from '../machines/y.ts';"],
      ['src/explore/x.ts', "import { a } from '../app/cli/y.ts';"],
      ['src/app/cli/x.ts', "import { a } from '../../../test/y.ts';"],
      ['src/kernel/x.ts', "import { version } from '../../package.json';"],
    ],
    right: [
      ['src/trace/x.ts', "import { a } from '../kernel/y.ts';"],
      ['src/kernel/x.ts', "import { a } from './y.ts';"],
      ['src/kernel/x.ts', "// import { a } from '../trace/y.ts';"],
      ['src/kernel/x.ts', 'const text = `import { a } from "../trace/y.ts";`;'],
      ['machines/rref/x.ts', "import { a } from '../../src/core/y.ts';"],
      [
        'actors/x.ts',
        "import { a } from '../src/index.ts';\nimport { b } from '../machines/y.ts';",
      ],
      ['examples/x.ts', "import { a } from '../src/testing/index.ts';"],
      ['examples/x.ts', "import { a } from '../actors/index.ts';"],
      ['src/app/cli/x.ts', "import { a } from '../../../actors/y.ts';"],
      ['test/x.ts', "import { a } from '../src/app/cli/y.ts';"],
    ],
  },
  'a layer uses only its own packages': {
    wrong: [
      ['src/kernel/x.ts', "import { setup } from 'xstate';"],
      ['src/core/x.ts', "import { createHash } from 'node:crypto';"],
      ['src/runtime/x.ts', "import { produce } from 'immer';"],
      ['src/explore/x.ts', "import fc from 'fast-check';"],
      ['src/app/viewer/x.ts', "import { readFileSync } from 'node:fs';"],
      ['machines/x.ts', "import { nanoid } from 'nanoid';"],
      ['machines/x.ts', "import sin from '@stdlib/math-base-special-sin';"],
      ['src/index.ts', "export { setup } from 'xstate';"],
      ['actors/x.ts', "const ajv = await import('ajv/dist/2020.js');"],
    ],
    right: [
      ['src/runtime/x.ts', "import { getShortestPaths } from 'xstate/graph';"],
      ['src/core/x.ts', "import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';"],
      ['src/core/x.ts', "import sin from '@stdlib/math-base-special-sin';"],
      ['src/testing/x.ts', "import { resolve } from 'node:path';"],
      ['src/app/cli/x.ts', "import { Command } from 'commander';"],
      ['machines/x.ts', "import { produce } from 'immer';"],
    ],
  },
};
