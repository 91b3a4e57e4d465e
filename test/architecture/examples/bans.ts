import type { Examples } from './example.ts';

export const banExamples: Examples = {
  'nothing that must be reproducible sees a clock, a die or the process': {
    wrong: [
      ['src/core/x.ts', 'const a = Math.random();'],
      ['src/core/x.ts', 'const { random } = Math;'],
      ['machines/x.ts', 'const a = Math.tanh(x);'],
      ['machines/x.ts', 'const a = Math.log2(x);'],
      ['machines/x.ts', 'const a = x ** 3;'],
      ['src/explore/x.ts', 'const a = Math.exp(x);'],
      ['src/kernel/x.ts', 'const a = Date.now();'],
      ['src/kernel/x.ts', 'const a = new Date();'],
      ['src/kernel/x.ts', 'const a = performance.now();'],
      ['actors/x.ts', 'setTimeout(f, 5);'],
      ['actors/x.ts', 'globalThis.setTimeout(f, 5);'],
      ['actors/x.ts', 'queueMicrotask(f);'],
      ['src/trace/x.ts', 'const a = crypto.randomUUID();'],
      ['src/trace/x.ts', 'names.sort((a, b) => a.localeCompare(b));'],
      ['src/runtime/x.ts', 'const cache = new WeakRef(a);'],
      ['src/runtime/x.ts', 'const a = `now: ${Date.now()}`;'],
      ['src/runtime/x.ts', 'const a = process.env;'],
      ['src/runtime/x.ts', 'console.log(a);'],
    ],
    right: [
      ['src/core/x.ts', 'const a = Math.floor(Math.sqrt(x)) + 2 ** 32;'],
      ['src/core/x.ts', 'if (value instanceof Date) {\n}'],
      ['src/core/x.ts', '// Math.random is refused here.'],
      ['src/core/x.ts', "const a = 'Date.now()';"],
      ['src/core/x.ts', 'const mask = (1n << 64n) - 1n; const all = 2n ** 64n;'],
      ['src/app/cli/x.ts', 'const a = Date.now();'],
      ['src/testing/x.ts', 'const a = process.env;'],
      ['src/runtime/x.ts', 'clock.setTimeout(a); logMath(a);'],
    ],
  },
  'nothing that is simulated is asynchronous': {
    wrong: [
      ['src/kernel/x.ts', 'async function f() {}'],
      ['src/kernel/x.ts', 'const f = async () => 1;'],
      ['src/kernel/x.ts', 'const f = async x => 1;'],
      ['src/kernel/x.ts', 'await f();'],
      ['machines/x.ts', 'type A = Promise<string>;'],
      ['src/program/x.ts', 'return Promise.resolve(1);'],
    ],
    right: [
      ['src/program/x.ts', 'yield* rpc.async(to, f);'],
      ['src/program/x.ts', 'const rpc = { async: call, await: wait };'],
      ['src/runtime/x.ts', 'if (value instanceof Promise) {\n}'],
      ['src/explore/x.ts', 'export async function search() {}'],
    ],
  },
};
