import type { Examples } from './example.ts';

export const wordExamples: Examples = {
  'a cast gives its reason': {
    wrong: [
      ['src/core/x.ts', 'const a = b as ActorId;'],
      ['machines/x.ts', 'const a = b as { readonly c: 1 };'],
      ['src/core/x.ts', 'const a = {} as A;'],
      ['actors/x.ts', '// It is one.\nconst a = f(b) as A;'],
      ['src/core/x.ts', '// -- not near\n\nconst a = f(b) as A;'],
    ],
    right: [
      ['src/core/brand.ts', 'const a = b as ActorId;'],
      ['src/core/x.ts', "const a = ['b'] as const;"],
      ['src/core/x.ts', "import { a as b } from './y.ts';\nimport * as c from './z.ts';"],
      ['src/core/x.ts', 'type A = { [K in keyof B as `x${K}`]: B[K] };'],
      ['src/core/x.ts', '// cast -- the hash has looked at every key\nconst a = f(b) as A;'],
      [
        'machines/ids.ts',
        '// casts -- here names are made\n\nconst a = b as A;\nconst c = d as C;',
      ],
      ['machines/x.ts', 'setup({ types: { context: {} as Context } });'],
      ['test/x.ts', 'const a = b as A;'],
    ],
  },
  'every export of src says what it is': {
    wrong: [
      ['src/core/x.ts', 'export function f() {}'],
      ['src/core/x.ts', '// Not a docstring.\nexport const a = 1;'],
      ['src/core/x.ts', '/** Far away. */\n\nexport interface A {}'],
    ],
    right: [
      ['src/core/x.ts', '/** Does f, because. */\nexport function f() {}'],
      [
        'src/core/x.ts',
        '/** Two ways. */\nexport function f(a: 1): 1;\nexport function f(a: 2): 2;',
      ],
      ['machines/x.ts', 'export const a = 1;'],
    ],
  },
  'a switch names every case or says why not': {
    wrong: [
      [
        'src/core/x.ts',
        'switch (a.type) {\n  case 1:\n    return 1;\n  default:\n    return 2;\n}',
      ],
      ['actors/x.ts', 'switch (a) {\n  case 1:\n    break;\n  default: {\n    f();\n  }\n}'],
    ],
    right: [
      ['src/core/x.ts', 'switch (a.type) {\n  default:\n    return unreachable(a);\n}'],
      ['machines/x.ts', 'switch (a) {\n  default:\n    // Names are open.\n    return 2;\n}'],
      ['src/core/x.ts', 'switch (typeof a) {\n  default:\n    return 2;\n}'],
      ['src/app/x.ts', 'const a = {\n  default: {\n    b: 1,\n  },\n};'],
      ['test/x.ts', 'switch (a) {\n  default:\n    return 2;\n}'],
    ],
  },
  'words about a file stand above its imports': {
    wrong: [
      [
        'actors/x.ts',
        "import { a } from './a.ts';\n/** What x is for. */\nimport { b } from './b.ts';",
      ],
    ],
    right: [
      ['actors/x.ts', "/** What x is for. */\nimport { a } from './a.ts';"],
      ['actors/x.ts', "import { a } from './a.ts';\n\n/** Does f, because. */\nfunction f() {}"],
      ['actors/x.ts', "import { a } from './a.ts';\n// The second.\nimport { b } from './b.ts';"],
    ],
  },
};
