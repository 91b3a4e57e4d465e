import { assign, enqueueActions, setup } from 'xstate';

import { defineSystem, describeChoice, getIn, ms } from '../../src/index.ts';
import type { Choice, Step, System, SystemDefinition, World } from '../../src/index.ts';

/** Says what the test tells it to say, to whom, and remembers what it hears. */
const talkerMachine = setup({
  types: {
    context: {} as { readonly heard: readonly string[]; readonly kept: number },
    events: {} as Say | { readonly type: 'word'; readonly word: string } | Plain,
  },
  actions: {
    hear: assign(({ context }, { word }: { readonly word: string }) => ({
      heard: [...context.heard, word],
    })),
    keep: assign({ kept: ({ context }) => context.kept + 1 }),
    speak: enqueueActions(({ enqueue }, { to, words }: Omit<Say, 'type'>) => {
      for (const word of words) {
        enqueue.sendTo(
          ({ system }) => system.get(to),
          () => ({ type: 'word', word }),
        );
      }
    }),
    set: enqueueActions(({ enqueue }) => {
      enqueue.raise(() => ({ type: 'word', word: 'slow' }), { delay: 20, id: 'slow' });
      enqueue.raise(() => ({ type: 'word', word: 'quick' }), { delay: 10, id: 'quick' });
    }),
  },
  guards: { isSilence: (_, { word }: { readonly word: string }) => word === '' },
}).createMachine({
  id: 'talker',
  context: { heard: [], kept: 0 },
  on: {
    say: { actions: { type: 'speak', params: ({ event }) => event } },
    word: [
      { guard: { type: 'isSilence', params: ({ event }) => event } },
      { actions: { type: 'hear', params: ({ event }) => event } },
    ],
    keep: { actions: 'keep' },
    set: { actions: 'set' },
    'orrery.refused': { actions: { type: 'hear', params: { word: 'refused' } } },
  },
});

type Plain = { readonly type: 'keep' | 'orrery.refused' | 'set' };

/** Tells an actor to say words to another. */
export type Say = {
  readonly type: 'say';
  readonly to: string;
  readonly words: readonly string[];
};

/** Ann, Bob and Cid, each on a node of their own; inputs as the test says. */
export function talk(options: Partial<SystemDefinition> & TalkOptions = {}): System {
  const { inputs = {}, ...rest } = options;
  return defineSystem({
    name: 'talk',
    actors: ['ann', 'bob', 'cid'].map((address) => ({
      address,
      machine: talkerMachine,
      durable: ['kept'],
      inputs: (inputs[address] ?? []).map((event) => ({ event, budget: 1 })),
    })),
    ...rest,
  });
}

/** What the environment may tell whom, once each. */
export interface TalkOptions {
  readonly inputs?: Readonly<Record<string, readonly (Plain | Say)[]>>;
}

/** What somebody says. */
export function say(to: string, ...words: readonly string[]): Say {
  return { type: 'say', to, words };
}

/** A choice as these tests write it: `deliver a +2 ms`, `crash bob`, `input say to ann`. */
export function labelOf(choice: Choice): string {
  const word =
    'event' in choice && typeof choice.event['word'] === 'string'
      ? choice.event['word']
      : undefined;
  const what = word === undefined ? describeChoice(choice) : `${choice.type} ${word}`;
  const after = 'after' in choice ? choice.after : 0;
  return after === 0 ? what : `${what} +${after / ms(1)}`;
}

/** All that a world offers. */
function offered(system: System, world: World): readonly string[] {
  return system.choices(world).map(labelOf);
}

/** A world as tests go through it. */
export interface Walk {
  readonly heard: (name: string) => unknown;
  readonly kept: (name: string) => unknown;
  readonly offered: () => readonly string[];
  readonly steps: readonly Step[];
  readonly take: (...labels: readonly string[]) => Walk;
  readonly world: World;
}

/** Goes through a system by the labels of choices. */
export function walk(system: System): Walk {
  const { step, world } = system.start();
  return walkFrom(system, world, [step]);
}

function walkFrom(system: System, world: World, steps: readonly Step[]): Walk {
  return {
    heard: (name) => contextOf(world, name)?.['heard'],
    kept: (name) => contextOf(world, name)?.['kept'],
    offered: () => offered(system, world),
    steps,
    take: (...labels) => {
      const [label, ...rest] = labels;
      if (label === undefined) return walkFrom(system, world, steps);
      const choice = system.choices(world).find((candidate) => labelOf(candidate) === label);
      if (choice === undefined) {
        throw new Error(`No "${label}" among: ${offered(system, world).join(', ')}`);
      }
      const next = system.apply(world, choice);
      return walkFrom(system, next.world, [...steps, next.step]).take(...rest);
    },
    world,
  };
}

function contextOf(world: World, name: string): Readonly<Record<string, unknown>> | undefined {
  const local = getIn(world.actors, name)?.local;
  return local?.['context'] as Readonly<Record<string, unknown>> | undefined;
}
