import * as fc from 'fast-check';

import { deliverAfter, dropped, ms } from '../../../src/index.ts';
import type { Duration, NetworkRule, SystemDefinition } from '../../../src/index.ts';
import { diary } from './casts.ts';
import { play } from './play.ts';
import type { Cast, Deed, Part, Row } from './puppet.ts';

const events = ['x', 'y'];
const states = ['s', 't', 'done'];
const ids = ['i', 'j'];
const kids = ['k', 'l'];
const delays = [1, 2];

/** What a random system is made of. */
export interface RandomPlay extends Pick<
  SystemDefinition,
  'faults' | 'plan' | 'time' | 'unhandled' | 'unknownActors'
> {
  readonly cast: Cast;
  readonly isDurable: boolean;
  readonly isRuled: boolean;
  readonly isSteadfast: boolean;
  readonly isTogether: boolean;
  readonly isWatched: boolean;
  readonly latency: readonly Duration[];
  readonly links: 'fifo' | 'persistent' | 'unordered';
  readonly messages: 'drop' | 'hold';
  readonly toDownNode: 'lost' | 'refused';
  readonly told: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Any small system: two puppets and their children, told by tables what to do, and any network. */
export const anyPlay: fc.Arbitrary<RandomPlay> = fc.record({
  cast: anyCast(),
  isTogether: fc.boolean(),
  links: fc.constantFrom('fifo' as const, 'unordered' as const, 'persistent' as const),
  latency: fc.constantFrom([ms(1)], [ms(1), ms(2)], [ms(0), ms(3)]),
  faults: fc.record({
    drop: few(),
    duplicate: few(),
    crash: few(),
    restart: few(),
    pause: few(),
    partition: few(),
    early: few(),
  }),
  messages: fc.constantFrom('drop' as const, 'hold' as const),
  toDownNode: fc.constantFrom('lost' as const, 'refused' as const),
  time: fc.constantFrom('timed' as const, 'untimed' as const),
  unhandled: fc.constantFrom('keep' as const, 'consume' as const),
  unknownActors: fc.constantFrom('dead-letter' as const, 'dead-letter' as const, 'error' as const),
  plan: fc.array(anyFault(), { maxLength: 2 }),
  isRuled: fc.boolean(),
  told: fc.record({ a: anyTold(), b: anyTold() }),
  isDurable: fc.boolean(),
  isSteadfast: fc.boolean(),
  isWatched: fc.boolean(),
});

/** The system that is made of it. */
export function playOf(random: RandomPlay): SystemDefinition {
  const {
    cast,
    isDurable,
    isRuled,
    isSteadfast,
    isTogether,
    isWatched,
    latency,
    links,
    messages,
    plan,
    ...rest
  } = random;
  const { toDownNode, ...others } = rest;
  return play('any', cast, {
    ...others,
    ...(isTogether ? { nodes: { b: 'a' } } : {}),
    ...(isDurable ? { durable: { a: ['n'], b: ['n'] } } : {}),
    ...(isSteadfast ? { steadfast: ['b'] } : {}),
    monitors: isWatched ? [diary] : [],
    // Node b is not there when a and b live together: then nothing of it can fail.
    plan: isTogether ? [] : (plan ?? []),
    network: {
      latency,
      links,
      partitions: isTogether ? [] : [{ name: 'split', groups: [['a'], ['b']], messages }],
      rules: isRuled ? rules : [],
      toDownNode,
    },
  });
}

const rules: readonly NetworkRule[] = [
  ({ event, to }) => (event.type === 'y' && to === 'b' ? dropped : undefined),
  ({ event }) => (event.type === 'y' ? deliverAfter(ms(2)) : undefined),
];

function few(): fc.Arbitrary<number> {
  return fc.constantFrom(0, 0, 0, 1);
}

function anyTold(): fc.Arbitrary<Readonly<Record<string, number>>> {
  return fc.dictionary(fc.constantFrom(...events), fc.constantFrom(1, 1, 2), { maxKeys: 2 });
}

function anyFault(): fc.Arbitrary<never> {
  const node = fc.constantFrom('a', 'b');
  const type = fc.constantFrom('crash', 'restart', 'pause', 'resume');
  const fault = fc.oneof(
    fc.record({ node, type }),
    fc.constant({ partition: 'split', type: 'partition' }),
    fc.constant({ type: 'heal' }),
  );
  return fc.record({ after: fc.constantFrom(ms(0), ms(1)), fault }) as fc.Arbitrary<never>;
}

/** Puppets `a` and `b`, a child that they may spawn, and one that the child may. */
function anyCast(): fc.Arbitrary<Cast> {
  return fc.record({
    a: anyPart({ spawns: ['child', 'leaf'], targets: ['a', 'b', 'known', './k', './l'] }),
    b: anyPart({ spawns: ['child', 'leaf'], targets: ['a', 'b', 'a/k', 'known', './k'] }),
    child: anyPart({ spawns: ['leaf'], targets: ['parent', 'a', 'known', './k', 'b/l'] }),
    leaf: anyPart({ spawns: [], targets: ['parent', 'b'] }),
  }) as fc.Arbitrary<Cast>;
}

interface Means {
  readonly spawns: readonly string[];
  readonly targets: readonly string[];
}

function anyPart(means: Means): fc.Arbitrary<Part> {
  const comes = [
    ...events,
    ...kids.flatMap((kid) => [`xstate.done.actor.${kid}`, `xstate.error.actor.${kid}`]),
  ];
  const rows = fc.dictionary(fc.constantFrom(...comes), anyRow(means), { maxKeys: 3 });
  return fc
    .record({
      entry: fc.array(anyDeed(means), { maxLength: 2 }),
      s: rows,
      t: rows,
      canEnd: fc.boolean(),
    })
    .map(({ canEnd, entry, s, t }) => ({ entry, states: { s, t, done: canEnd ? {} : s } }));
}

function anyRow(means: Means): fc.Arbitrary<Row> {
  return fc.record(
    { deeds: fc.array(anyDeed(means), { maxLength: 3 }), target: fc.constantFrom(...states) },
    { requiredKeys: [] },
  );
}

function anyDeed({ spawns, targets }: Means): fc.Arbitrary<Deed> {
  const event = fc.constantFrom(...events);
  const delay = fc.constantFrom(...delays);
  const id = fc.constantFrom(...ids);
  const kid = fc.constantFrom(...kids);
  const send = { do: fc.constant('send' as const), event, to: fc.constantFrom(...targets) };
  const spawn = fc.record(
    {
      do: fc.constant('spawn' as const),
      id: kid,
      part: fc.constantFrom('leaf', ...spawns),
      systemId: fc.constant('known'),
    },
    { requiredKeys: ['do', 'id', 'part'] },
  );
  return fc.oneof(
    { arbitrary: fc.record(send), weight: 5 },
    {
      arbitrary: fc.record(
        { ...send, delay, id },
        { requiredKeys: ['do', 'event', 'to', 'delay'] },
      ),
      weight: 2,
    },
    {
      arbitrary: fc.record(
        { do: fc.constant('raise' as const), event, delay, id },
        { requiredKeys: ['do', 'event', 'delay'] },
      ),
      weight: 2,
    },
    { arbitrary: fc.record({ do: fc.constant('cancel' as const), id }), weight: 1 },
    { arbitrary: fc.record({ do: fc.constant('stop' as const), id: kid }), weight: 2 },
    ...(spawns.length === 0 ? [] : [{ arbitrary: spawn, weight: 4 }]),
    { arbitrary: fc.record({ do: fc.constant('emit' as const), event }), weight: 1 },
    { arbitrary: fc.constant({ do: 'count' as const }), weight: 3 },
    { arbitrary: fc.constant({ do: 'fail' as const }), weight: 1 },
  );
}
