import * as fc from 'fast-check';

import type { SystemDefinition } from '../../../src/index.ts';
import { diary } from '../interned/casts.ts';
import { play } from '../interned/play.ts';
import type { Cast, Deed, Part, Row } from '../interned/puppet.ts';

const targets = ['a', 'b', 'c', './k', 'known'];

/**
 * Small systems whose runs end, and in which only races make other runs: at the start and on `x` puppets
 * do things, on `y` they only change; children come, go and are stopped, timers are set and cancelled.
 */
export const anyPlain: fc.Arbitrary<SystemDefinition> = fc
  .record({
    cast: fc.record({
      a: anyPart(),
      b: anyPart(),
      c: anyPart(),
      leaf: anyLeaf(),
    }) as fc.Arbitrary<Cast>,
    isWatched: fc.boolean(),
    links: fc.constantFrom('fifo' as const, 'unordered' as const),
    together: fc.constantFrom({}, {}, { b: 'a' }, { b: 'a', c: 'a' }),
  })
  .map(({ cast, isWatched, links, together }) =>
    play('plain', cast, {
      monitors: isWatched ? [diary] : [],
      network: { links },
      nodes: together,
      time: 'untimed',
      unknownActors: 'dead-letter',
    }),
  );

function anyPart(): fc.Arbitrary<Part> {
  return fc
    .record({
      entry: fc.array(anyDeed('y', 'x'), { maxLength: 2 }),
      s: anyRows(),
      t: anyRows(),
      canEnd: fc.boolean(),
    })
    .map(({ canEnd, entry, s, t }) => ({ entry, states: { s, t, done: canEnd ? {} : s } }));
}

function anyRows(): fc.Arbitrary<Readonly<Record<string, Row>>> {
  const acts = fc.record(
    { deeds: fc.array(anyDeed('y'), { maxLength: 2 }), target: anyState() },
    { requiredKeys: [] },
  );
  const changes = fc.record(
    { deeds: fc.array(anyChange(), { maxLength: 1 }), target: anyState() },
    { requiredKeys: [] },
  );
  return fc.record({ x: acts, y: changes, 'xstate.done.actor.k': changes }, { requiredKeys: [] });
}

function anyState(): fc.Arbitrary<string> {
  return fc.constantFrom('s', 't', 'done');
}

/** A child that may tell others something at once, and may be through when it is told something. */
function anyLeaf(): fc.Arbitrary<Part> {
  return fc
    .record({
      entry: fc.array(fc.record(sending(['parent', 'a', 'b'], ['y'])), { maxLength: 1 }),
      target: fc.constantFrom('s', 'done'),
    })
    .map(({ entry, target }) => ({
      entry: entry as readonly Deed[],
      states: { s: { y: { target } }, done: {} },
    }));
}

function sending(to: readonly string[], events: readonly string[]) {
  return {
    do: fc.constant('send' as const),
    event: fc.constantFrom(...events),
    to: fc.constantFrom(...to),
  };
}

function anyChange(): fc.Arbitrary<Deed> {
  return fc.oneof(
    fc.constant({ do: 'count' as const }),
    fc.constant({ do: 'emit' as const, event: 'y' }),
    fc.constant({ do: 'cancel' as const, id: 'i' }),
    fc.constant({ do: 'stop' as const, id: 'k' }),
    fc.constant({ do: 'fail' as const }),
  );
}

function anyDeed(...events: readonly string[]): fc.Arbitrary<Deed> {
  const timed = { delay: fc.constantFrom(1, 2), id: fc.constant('i') };
  const spawn = fc.record(
    {
      do: fc.constant('spawn' as const),
      id: fc.constant('k'),
      part: fc.constant('leaf'),
      systemId: fc.constant('known'),
    },
    { requiredKeys: ['do', 'id', 'part'] },
  );
  return fc.oneof(
    { arbitrary: fc.record(sending(targets, events)), weight: 6 },
    {
      arbitrary: fc.record(
        { ...sending(targets, events), ...timed },
        { requiredKeys: ['do', 'event', 'to', 'delay'] },
      ),
      weight: 1,
    },
    {
      arbitrary: fc.record({
        do: fc.constant('raise' as const),
        event: fc.constantFrom(...events),
        ...timed,
      }),
      weight: 1,
    },
    { arbitrary: spawn, weight: 2 },
    { arbitrary: anyChange(), weight: 2 },
  );
}
