/* oxlint-disable unicorn/consistent-function-scoping, max-params -- each test holds the whole program that it runs */
/** What calls give to functions that take something else, and by name; the texts are those of PyTorch 1.13. */
import { expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import type { ContextId, RRef } from '../../actors/index.ts';
import { SimulationError } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { raised } from '../pytorch/bodies.ts';
import { returned, systemWith } from './play.ts';

const scripted = rpc.script((x: number, y: number): number => x + y, {
  schema: 'scripted(int x, int y=3) -> int',
});
const bare = rpc.script((x: number): number => x);
const declared = rpc.declare('two(x, y=3)', (x: number, y: number): number => x + y);
const one = (x: number): number => x;
const plus = (x: number, y = 3): number => x + y;
const C = rpc.defineClass('C', {
  construct: (a: number) => ({ a }),
  methods: {
    *get(self: RRef<{ readonly a: number }>, b: number): Program<number> {
      return (yield* self.localValue()).a + b;
    },
    blind: (): number => 7,
  },
  statics: { echo: (b: number): number => b },
});
const functions = { bare, declared, one, plus, scripted };

/** Calls that no types would allow. */
const untyped = rpc as unknown as {
  readonly [mode in 'async' | 'remote' | 'sync']: (
    to: string,
    fn: unknown,
    args: readonly unknown[],
    options?: { readonly kwargs: object },
  ) => Program<RRef<unknown>>;
};

function run(main: () => Program<unknown>): unknown {
  return returned(systemWith({ ...functions, main }, { classes: [C] }));
}

test('a script refuses on the spot what its schema does not take', () => {
  const text =
    'scripted() expected at most 2 argument(s) but received 3 argument(s). Declaration: scripted(int x, int y=3) -> int';
  function* main() {
    return [
      yield* raised(untyped.sync('worker1', scripted, [1, 2, 3])),
      yield* raised(untyped.async('worker1', scripted, [1, 2, 3])),
      yield* raised(untyped.remote('worker1', scripted, [1, 2, 3])),
      (yield* raised(untyped.sync('nobody', scripted, [1, 2, 3])))?.[1],
      yield* raised(untyped.sync('worker1', bare, [1, 2])),
      yield* untyped.sync('worker1', scripted, [true]),
      yield* untyped.sync('worker1', scripted, [], { kwargs: { y: 5, x: 2 } }),
    ];
  }
  const refused = ['RuntimeError', text];
  expect(run(main)).toEqual([
    refused,
    refused,
    refused,
    expect.stringContaining('could not find destination'),
    ['RuntimeError', 'bare() expected at most 1 argument(s) but received 2 argument(s).'],
    4,
    7,
  ]);
});

test('a function of Python raises where it is to run', () => {
  const on = (text: string) => [
    'TypeError',
    expect.stringMatching(
      new RegExp(
        `^TypeError: On WorkerInfo.id=1, name=worker1.:\\n(.|\\n)*\\nTypeError: ${text.replaceAll('()', '..')}\\n$`,
      ),
    ),
  ];
  function* main() {
    const made = yield* untyped.remote('worker1', one, [1, 2]);
    const object = yield* rpc.remote('worker1', C.create, [1]);
    const proxy = object.rpcSync() as unknown as Record<
      string,
      (...args: readonly unknown[]) => Program<unknown>
    >;
    const method = (name: string, ...args: readonly unknown[]) =>
      proxy[name]?.(...args) ?? raised(rpc.sleep(0));
    return [
      yield* raised(untyped.sync('worker1', one, [1, 2])),
      (yield* raised(made.toHere()))?.[1].includes(
        'one() takes 1 positional argument but 2 were given',
      ),
      yield* raised(untyped.sync('worker1', plus, [1, 2, 3])),
      yield* raised(untyped.sync('worker1', one, [1], { kwargs: { z: 1 } })),
      yield* raised(untyped.sync('worker1', declared, [])),
      yield* raised(untyped.sync('worker1', C.create, [1, 2])),
      yield* raised(method('get', 1, 2)),
      yield* raised(method('echo', 1, 2)),
      yield* raised(method('blind', 1)),
      yield* method('blind'),
      yield* untyped.sync('worker1', plus, [1], { kwargs: { y: 5 } }),
      yield* untyped.sync('worker1', declared, [], { kwargs: { x: 5 } }),
    ];
  }
  expect(run(main)).toEqual([
    on('one() takes 1 positional argument but 2 were given'),
    true,
    on('plus() takes from 1 to 2 positional arguments but 3 were given'),
    on("one() got an unexpected keyword argument 'z'"),
    on("two() missing 1 required positional argument: 'x'"),
    on('C.__init__() takes 2 positional arguments but 3 were given'),
    on('C.get() takes 2 positional arguments but 3 were given'),
    on('C.echo() takes 1 positional argument but 2 were given'),
    on('C.blind() takes 0 positional arguments but 2 were given'),
    7,
    6,
    8,
  ]);
});

test('names are refused where none are known', () => {
  function* main() {
    return yield* untyped.sync('worker1', bare, [], { kwargs: { x: 1 } });
  }
  expect(() => run(main)).toThrow(SimulationError);
  expect(() => run(main)).toThrow(/has no names\. Give them, as in rpc\.script/);
});

/** What no types would allow is as bad as in Python, and costs no worker. */
const wrong: readonly (readonly [text: string, go: (id: ContextId) => Program<unknown>])[] = [
  [
    "TypeError: backward(): …Invoked with: '0', None",
    (id) => distAutograd.backward(id, undefined as never),
  ],
  [
    "TypeError: backward(): …Invoked with: '0', [3]",
    (id) => distAutograd.backward(id, [3] as never),
  ],
  ['TypeError: _collect_all(): …Invoked with: [3]', () => rpc.waitAll([3] as never)],
  [
    "AssertionError: 3 is of type <class 'int'>, not an Exception.",
    function* go() {
      yield* (yield* rpc.future()).setException(3 as never);
    },
  ],
  [
    'TypeError: Value after * must be an iterable, not int',
    () => rpc.sync('worker1', torch.add, 5 as never),
  ],
  [
    '…TypeError: __main__.one() argument after * must be an iterable, not int\n',
    () => rpc.sync('worker1', one, 5 as never),
  ],
  [
    '…TypeError: __main__.one() argument after ** must be a mapping, not int\n',
    () => rpc.sync('worker1', one, [1], { kwargs: 3 } as never),
  ],
  ["TypeError: 'int' object is not iterable", () => rpc.allGather(1, { workerNames: 3 as never })],
  ["TypeError: join(): …timeout='a'", () => rpc.shutdown({ timeout: 'a' as never })],
];

test.each(wrong)('%s', (text, go) => {
  function* main() {
    return yield* distAutograd.context((id) => raised(go(id)));
  }
  const [start = '', end = ''] = text.includes('…') ? text.split('…') : [text];
  const found = (run(main) as readonly string[]).join(': ');
  expect(found.startsWith(start)).toBe(true);
  expect(found.endsWith(end)).toBe(true);
});
