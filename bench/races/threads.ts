/**
 * Threads with shared memory as actors: a cell or a lock is an actor, an access is one message to it,
 * and its answer lets the thread go on.
 */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import type { ActorDefinition } from '../../src/index.ts';

/** What a thread has read, by name. */
export type Registers = Readonly<Record<string, number>>;

/** One access, or a look at what was read. */
export type Instruction =
  | { readonly do: 'read'; readonly cell: string; readonly into: string }
  | { readonly do: 'write'; readonly cell: string; readonly value: (read: Registers) => number }
  | { readonly do: 'lock' | 'unlock'; readonly lock: string }
  /** Goes on elsewhere: behind the last instruction to end. */
  | { readonly do: 'jump'; readonly to: (read: Registers) => number | undefined }
  | { readonly do: 'assert'; readonly holds: (read: Registers) => boolean };

/** A thread and what it does. */
export function thread(name: string, program: readonly Instruction[]): ActorDefinition {
  return { address: name, machine: threadMachine(program), input: { name } };
}

/** A cell of shared memory. */
export function cell(name: string, value = 0): ActorDefinition {
  return { address: name, machine: cellMachine, input: { value } };
}

/** A lock that nobody holds. */
export function lock(name: string): ActorDefinition {
  return { address: name, machine: lockMachine };
}

interface ThreadContext {
  readonly at: number;
  readonly failed: boolean;
  readonly name: string;
  readonly read: Registers;
}

type Access =
  | { readonly type: 'read' | 'lock' | 'unlock'; readonly from: string }
  | { readonly type: 'write'; readonly from: string; readonly value: number };
type Answer = { readonly type: 'answer'; readonly value?: number };

/** Runs up to the next access. */
function settled(program: readonly Instruction[], context: ThreadContext): ThreadContext {
  let { at, failed } = context;
  for (;;) {
    const now = program[at];
    if (now?.do === 'assert') failed ||= !now.holds(context.read);
    else if (now?.do !== 'jump') return { ...context, at, failed };
    at = (now.do === 'jump' ? now.to(context.read) : undefined) ?? at + 1;
  }
}

function threadMachine(program: readonly Instruction[]) {
  return setup({
    types: {
      input: {} as { readonly name: string },
      context: {} as ThreadContext,
      events: {} as Answer,
    },
    actions: {
      access: enqueueActions(({ context: { at, name, read }, enqueue }) => {
        const now = program[at];
        if (now === undefined || now.do === 'jump' || now.do === 'assert') return;
        const access: Access =
          now.do === 'write'
            ? { type: 'write', from: name, value: now.value(read) }
            : { type: now.do, from: name };
        const target = 'cell' in now ? now.cell : now.lock;
        enqueue.sendTo(({ system }) => system.get(target), access);
      }),
      goOn: assign(({ context }, { value }: Answer) => {
        const done = program[context.at];
        const read =
          done?.do === 'read' ? { ...context.read, [done.into]: value ?? 0 } : context.read;
        return settled(program, { ...context, at: context.at + 1, read });
      }),
    },
    guards: { isThrough: ({ context }) => context.at >= program.length },
  }).createMachine({
    id: 'thread',
    context: ({ input }) => settled(program, { at: 0, failed: false, name: input.name, read: {} }),
    initial: 'accessing',
    states: {
      accessing: {
        entry: 'access',
        always: { guard: 'isThrough', target: 'through' },
        on: {
          answer: {
            actions: { type: 'goOn', params: ({ event }) => event },
            reenter: true,
            target: 'accessing',
          },
        },
      },
      through: {},
    },
  });
}

const cellMachine = setup({
  types: {
    input: {} as { readonly value: number },
    context: {} as { readonly value: number },
    events: {} as Access,
  },
  actions: {
    answer: sendTo(
      ({ event, system }) => system.get(event.from),
      ({ context: { value }, event: { type } }): Answer =>
        type === 'read' ? { type: 'answer', value } : { type: 'answer' },
    ),
    set: assign({
      value: ({ context, event }) => (event.type === 'write' ? event.value : context.value),
    }),
  },
}).createMachine({
  id: 'cell',
  context: ({ input }) => input,
  on: { read: { actions: 'answer' }, write: { actions: ['set', 'answer'] } },
});

const lockMachine = setup({
  types: { context: {} as { readonly waiting: readonly string[] }, events: {} as Access },
  actions: {
    grant: enqueueActions(({ context: { waiting }, enqueue }) => {
      const [next] = waiting;
      if (next !== undefined) enqueue.sendTo(({ system }) => system.get(next), { type: 'answer' });
    }),
    wait: assign({ waiting: ({ context, event }) => [...context.waiting, event.from] }),
    release: assign({ waiting: ({ context }) => context.waiting.slice(1) }),
    tell: sendTo(({ event, system }) => system.get(event.from), { type: 'answer' }),
  },
  guards: { isFree: ({ context }) => context.waiting.length === 0 },
}).createMachine({
  // The first of those that wait holds it.
  id: 'lock',
  context: { waiting: [] },
  on: {
    lock: [{ guard: 'isFree', actions: ['wait', 'tell'] }, { actions: 'wait' }],
    unlock: { actions: ['release', 'tell', 'grant'] },
  },
});
