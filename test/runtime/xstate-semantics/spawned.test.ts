import { describe, expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { assign, createMachine, sendParent, sendTo, setup, spawnChild, stopChild } from 'xstate';

import { expectSame } from './both.ts';
import { counting, echo } from './small-machines.ts';
import { note, noteEvent, noWords } from './words.ts';

describe('spawned children', () => {
  // XState docs "Spawning actors": spawn in assign, the reference in the context, then stopChild.
  test('are kept by reference, sent to and stopped by it', () => {
    const parent = setup({
      actors: { echo },
      types: {
        context: {} as { readonly kid?: AnyActorRef | undefined; readonly log: readonly string[] },
      },
    }).createMachine({
      context: { log: [] },
      on: {
        start: { actions: assign({ kid: ({ spawn }) => spawn('echo', { id: 'kid' }) }) },
        say: {
          actions: sendTo(({ context }) => context.kid as AnyActorRef, {
            type: 'hello',
            value: 'x',
          }),
        },
        stop: {
          actions: [
            stopChild(({ context }) => context.kid as AnyActorRef),
            assign({ kid: undefined }),
          ],
        },
        echoed: { actions: noteEvent() },
      },
    });
    const script = ['start', 'say', 'stop'].map((type) => ['parent', { type }] as const);
    expect(expectSame({ actors: { parent }, script: script.slice(0, 2) }).actors).toMatchObject({
      parent: { children: ['parent/kid'], context: { kid: '<parent/kid>', log: ['echoed x'] } },
      'parent/kid': { value: 'on' },
    });
    const { actors } = expectSame({ actors: { parent }, script });
    expect(Object.keys(actors)).toEqual(['parent']);
  });

  // XState docs "Spawning actors": without an id; here the k-th of its source, there a counter.
  test('without an id are told apart', () => {
    const parent = setup({
      actors: { counting },
      types: { context: {} as { readonly kids: readonly AnyActorRef[] } },
    }).createMachine({
      context: { kids: [] },
      on: {
        more: {
          actions: assign({ kids: ({ context, spawn }) => [...context.kids, spawn('counting')] }),
        },
        add: { actions: sendTo(({ context }) => context.kids[1] as AnyActorRef, { type: 'add' }) },
      },
    });
    const { actors } = expectSame({
      actors: { parent },
      script: ['more', 'more', 'add'].map((type) => ['parent', { type }] as const),
    });
    expect(actors).toMatchObject({
      parent: { context: { kids: ['<parent/counting-0>', '<parent/counting-1>'] } },
      'parent/counting-0': { context: { count: 0 } },
      'parent/counting-1': { context: { count: 1 } },
    });
  });

  // XState docs "Spawning actors → Lifecycle": done is told, and the id may be used again.
  test('that have ended stay among the children until their id is used again', () => {
    const parent = setup({ actors: { echo } }).createMachine({
      context: noWords,
      on: {
        start: { actions: spawnChild('echo', { id: 'kid' }) },
        end: { actions: sendTo('kid', { type: 'finish' }) },
        'xstate.done.actor.kid': { actions: noteEvent() },
      },
    });
    const script = ['start', 'end', 'end', 'start'].map((type) => ['parent', { type }] as const);
    expect(expectSame({ actors: { parent }, script: script.slice(0, 3) }).actors).toMatchObject({
      parent: { children: ['parent/kid'], context: { log: ['xstate.done.actor.kid'] } },
    });
    expect(Object.keys(expectSame({ actors: { parent }, script }).actors)).toHaveLength(2);
  });

  // XState test topic "systemId": the name is free for a successor at once.
  test('leave their systemId to a successor that starts in the step that stops them', () => {
    const child = createMachine({
      context: ({ input }) => ({ is: input, log: [] as string[] }),
      on: { ping: { actions: note('ping') } },
    });
    const parent = setup({ actors: { child } }).createMachine({
      entry: spawnChild('child', { id: 'one', input: 1, systemId: 'service' }),
      on: {
        swap: {
          actions: [
            stopChild('one'),
            spawnChild('child', { id: 'two', input: 2, systemId: 'service' }),
          ],
        },
      },
    });
    const user = createMachine({
      on: { use: { actions: sendTo(({ system }) => system.get('service'), { type: 'ping' }) } },
    });
    const { actors } = expectSame({
      actors: { parent, user },
      script: [
        ['user', { type: 'use' }],
        ['parent', { type: 'swap' }],
        ['user', { type: 'use' }],
      ],
    });
    expect(actors['parent/two']?.context).toEqual({ is: 2, log: ['ping'] });
  });

  // XState test topic "spawn": children of children, and what each tells the one above it.
  test('may have children of their own, and all below a stopped one are stopped', () => {
    const leaf = createMachine({ entry: sendParent({ type: 'leaf.up' }) });
    const branch = setup({ actors: { leaf } }).createMachine({
      entry: [spawnChild('leaf', { id: 'left' }), spawnChild('leaf', { id: 'right' })],
      on: { 'leaf.up': { actions: sendParent({ type: 'branch.up' }) } },
    });
    const tree = setup({ actors: { branch } }).createMachine({
      context: noWords,
      entry: spawnChild('branch', { id: 'branch' }),
      on: { 'branch.up': { actions: noteEvent() }, cut: { actions: stopChild('branch') } },
    });
    const { actors } = expectSame({ actors: { tree } });
    expect(Object.keys(actors).toSorted()).toEqual([
      'tree',
      'tree/branch',
      'tree/branch/left',
      'tree/branch/right',
    ]);
    expect(actors['tree']?.context).toEqual({ log: ['branch.up', 'branch.up'] });
    const cut = expectSame({ actors: { tree }, script: [['tree', { type: 'cut' }]] });
    expect(Object.keys(cut.actors)).toEqual(['tree']);
  });
});
