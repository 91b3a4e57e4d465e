import { describe, expect, test } from 'vitest';
import {
  and,
  assign,
  createMachine,
  emit,
  enqueueActions,
  not,
  or,
  raise,
  sendTo,
  setup,
  spawnChild,
  stateIn,
} from 'xstate';
import type { AnyStateMachine } from 'xstate';

import { recorded } from '../../src/index.ts';
import { errorOf, runAll, systemWith } from './refusals.ts';

function machineWith(config: object, implementations: object = {}): AnyStateMachine {
  return createMachine({ id: 'm', ...config } as never, implementations as never);
}

function idle(on: object, implementations?: object): AnyStateMachine {
  return machineWith({ initial: 'idle', states: { idle: { on: { go: on } } } }, implementations);
}

function never(): boolean {
  return false;
}

describe('what nobody implements is refused when the system is defined', () => {
  test.each<[string, AnyStateMachine, string]>([
    ['a guard', idle({ guard: 'x' }), 'guard "x"'],
    ['a guard with params', idle({ guard: { params: { least: 2 }, type: 'x' } }), 'guard "x"'],
    ['below not', idle({ guard: not('x') }), 'guard "x"'],
    [
      'below and, or and a function',
      idle({ guard: and([never, or([stateIn('idle'), { params: 1, type: 'x' }])]) }),
      'guard "x"',
    ],
    ['behind a name', idle({ guard: 'all' }, { guards: { all: and(['x']) } }), 'guard "x"'],
    ['a circle of names', idle({ guard: 'x' }, { guards: { x: 'y', y: 'x' } }), 'guard "x"'],
    [
      'an action',
      idle({ actions: ['y', { type: 'x' }] }, { actions: { y: recorded() } }),
      'action "x"',
    ],
    ['a name of every object', idle({ actions: 'toString' }), 'action "toString"'],
    [
      'a delay of raise',
      idle({ actions: raise({ type: 'go' }, { delay: 'x' as never }) }),
      'delay "x"',
    ],
    [
      'a delay of sendTo in an action of the set-up',
      idle(
        { actions: 'late' },
        { actions: { late: sendTo('y', { type: 'go' }, { delay: 'x' as never }) } },
      ),
      'delay "x"',
    ],
    ['an actor', idle({ actions: spawnChild('x') }), 'actor "x"'],
  ])('%s', (_, machine, what) => {
    expect(errorOf(() => systemWith(machine))).toMatch(
      new RegExp(
        `^runtime/missing-${what.split(' ')[0]}: Machine "m" \\(actor "rm1", state "idle", on "go"\\): ` +
          `${what} is not implemented\\. Give it in setup`,
      ),
    );
  });

  test.each<[string, object, RegExp]>([
    ['a delay of after', { after: { x: 'a' } }, /state "a.b", after "x"\): delay "x"/],
    ['a guard of after', { after: { 10: { guard: 'x' } } }, /state "a.b", after "10"\): guard "x"/],
    ['a guard of always', { always: { guard: 'x', target: 'a' } }, /state "a.b", always\): guard/],
    ['an entry', { entry: 'x' }, /state "a.b", entry\): action "x"/],
    ['an exit', { exit: 'x' }, /state "a.b", exit\): action "x"/],
    ['an invoked actor', { invoke: { src: 'x' } }, /state "a.b"\): actor "x"/],
    [
      'an action of what is done',
      { invoke: { onDone: { actions: 'x' }, src: createMachine({}) } },
      /state "a.b", on "xstate.done.actor.*"\): action "x"/,
    ],
  ])('%s of a state below another', (_, config, message) => {
    const machine = machineWith({
      initial: 'a',
      states: { a: { initial: 'b', states: { a: {}, b: config } } },
    });
    expect(errorOf(() => systemWith(machine))).toMatch(message);
  });

  test('in the machine of a child', () => {
    const child = machineWith({ entry: 'x' });
    const parent = setup({ actors: { child } }).createMachine({ invoke: { src: 'child' } });
    expect(errorOf(() => systemWith(parent))).toMatch(
      /^runtime\/missing-action: Machine "m" \(a child of actor "rm1", state "\(root\)", entry\)/,
    );
  });

  test('but not what is provided, inline, built in or a number', () => {
    const machine = idle({
      actions: [
        'act',
        raise({ type: 'on' }, { delay: 'soon' as never }),
        assign({}),
        emit({ type: 'e' }),
      ],
      guard: and(['yes', not(never), or([stateIn('idle'), { params: 1, type: 'all' }])]),
    }).provide({
      actions: { act: recorded() },
      delays: { soon: 0 },
      guards: { all: not('yes'), yes: () => true },
    } as never);
    expect(systemWith(machine).name).toBe('purity');
  });
});

/** Raises an event after a delay that it only names as it starts. */
function late(delay: string): AnyStateMachine {
  const entry = enqueueActions(({ enqueue }) =>
    enqueue.raise({ type: 'late' }, { delay: delay as never }),
  );
  const states = { idle: { on: { late: 'over' } }, over: {} };
  return machineWith({ entry, initial: 'idle', states }, { delays: { none: 0, soon: 5 } });
}

test('a delay that is chosen at run time is known by its name, in the first step as well', () => {
  for (const delay of ['none', 'soon'])
    expect(errorOf(() => runAll(late(delay)))).toBe('nothing was thrown');
  expect(errorOf(() => systemWith(late('sooon')).start())).toMatch(
    /^runtime\/missing-delay: .*starting.*: delay "sooon" is not implemented/,
  );
});

describe('what only shows at run time is refused then', () => {
  test.each<[string, AnyStateMachine, RegExp]>([
    [
      'an action',
      idle({ actions: enqueueActions(({ enqueue }) => enqueue('x')) }),
      /^runtime\/missing-action: Machine "m" \(actor "rm1", state "idle"\): action "x"/,
    ],
    [
      'a delay of what is raised',
      idle({
        actions: enqueueActions(({ enqueue }) =>
          enqueue.raise({ type: 'late' }, { delay: 'x' as never }),
        ),
      }),
      /^runtime\/missing-delay: Machine "m" \(actor "rm1", state "idle"\): delay "x"/,
    ],
    [
      'a delay of what is sent, also where one of every object has that name',
      idle({
        actions: enqueueActions(({ enqueue, self }) =>
          enqueue.sendTo(self, { type: 'late' }, { delay: 'toString' as never }),
        ),
      }),
      /^runtime\/missing-delay: Machine "m" \(actor "rm1", state "idle"\): delay "toString"/,
    ],
    [
      'a guard',
      idle({ actions: enqueueActions(({ check }) => void check('x')) }),
      /^runtime\/missing-guard: Machine "m" \(actor "rm1", state "idle"\): guard "x"/,
    ],
    [
      'an actor that is spawned',
      idle({ actions: enqueueActions(({ enqueue }) => enqueue.spawnChild('x' as never)) }),
      /^runtime\/missing-actor: Machine "m" \(actor "rm1", state "idle"\): actor "x"/,
    ],
    [
      'an actor that assign spawns',
      idle({ actions: assign(({ spawn }) => (spawn('x' as never), {})) }),
      /^runtime\/missing-actor: Machine "m" \(actor "rm1", state "idle"\): actor "x"/,
    ],
  ])('%s', (_, machine, message) => {
    expect(errorOf(() => runAll(machine, { type: 'go' }))).toMatch(message);
  });
});
