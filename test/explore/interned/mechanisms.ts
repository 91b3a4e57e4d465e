import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import { deliverAfter, dropped, ms, outcomes, scripted } from '../../../src/index.ts';
import type { SystemDefinition } from '../../../src/index.ts';
import { clocks, diary, family, goes, monitors, talkers } from './casts.ts';
import { always, count, does, play, send } from './play.ts';

const latency = [ms(1), ms(5)];

/** One small system for each mechanism. */
export const mechanisms: readonly SystemDefinition[] = [
  twoPhaseCommit({ rms: 2 }),
  ...(['fifo', 'unordered', 'persistent'] as const).flatMap((links) =>
    (['keep', 'consume'] as const).flatMap((unhandled) =>
      (['timed', 'untimed'] as const).map((time) =>
        play(`${links} ${unhandled} ${time}`, talkers, {
          ...goes,
          network: { links, latency },
          time,
          unhandled,
        }),
      ),
    ),
  ),
  play('fifo with some and unordered with others', talkers, {
    ...goes,
    network: { links: ({ fromNode }) => (fromNode === 'a' ? 'unordered' : 'fifo'), latency },
  }),
  play('rules of the network', talkers, {
    ...goes,
    monitors,
    network: {
      rules: [
        ({ event, to }) => (to === 'c' && event.type === 'y' ? dropped : undefined),
        ({ from }) => (from === 'b' ? deliverAfter(ms(2), ms(3)) : undefined),
      ],
    },
  }),
  play('one node', talkers, { ...goes, nodes: { a: 'n', b: 'n', c: 'n' } }),
  play('monitors', talkers, { ...goes, monitors, network: { links: 'unordered' } }),
  play(
    'inputs without budget',
    { a: { states: { on: { go: { target: 'off' } }, off: { go: { target: 'on' } } } } },
    { told: { a: { go: 0 } } },
  ),
  ...(['timed', 'untimed'] as const).flatMap((time) => [
    play(`timers ${time}`, clocks, { time, told: { a: { go: 2 } } }),
    play(`timers and latencies ${time}`, clocks, {
      time,
      told: { a: { go: 1 } },
      network: { latency: [ms(4), ms(6)] },
    }),
    play(`children ${time}`, family, {
      time,
      monitors,
      told: { a: { born: 1, gone: 1, word: 2 } },
    }),
    play(`children again and again ${time}`, family, {
      time,
      monitors,
      told: { a: { born: 1, again: 2, fall: 1 } },
    }),
    play(
      `stand-ins ${time}`,
      {
        a: always({
          go: does(
            { do: 'spawn', part: 'promise', id: 'p' },
            { do: 'spawn', part: 'script', id: 's' },
          ),
          stop: does({ do: 'stop', id: 'p' }, { do: 'stop', id: 's' }),
          x: does(count),
          'xstate.done.actor.p': does(count),
          'xstate.error.actor.p': does(count, count),
          'xstate.done.actor.s': does(count),
        }),
        promise: outcomes({ resolve: [1, 2], reject: ['no'], within: [ms(1), ms(3)] }),
        script: scripted([
          { send: [{ type: 'x' }, { type: 'y' }], within: [ms(1), ms(2)] },
          { send: [{ type: 'x' }] },
        ]),
      },
      { time, told: { a: { go: 1, stop: 1 } } },
    ),
  ]),
  play(
    'equal timers in other company',
    {
      a: always({
        both: does(
          { do: 'raise', event: 'x', delay: 1, id: 'i' },
          { do: 'raise', event: 'y', delay: 2, id: 'i' },
        ),
        first: does({ do: 'raise', event: 'x', delay: 1, id: 'i' }),
        cancel: does({ do: 'cancel', id: 'i' }),
        reset: does({ do: 'cancel', id: 'i' }, { do: 'raise', event: 'x', delay: 1, id: 'i' }),
        x: does(count),
        y: does(count, count),
      }),
    },
    { time: 'untimed', told: { a: { both: 1, first: 2, cancel: 2, reset: 1 } } },
  ),
  play(
    'machines that throw',
    {
      a: {
        states: {
          on: {
            go: {
              deeds: [{ do: 'spawn', part: 'child', id: 'kid' }, send('./kid', 'x')],
              target: 'off',
            },
            fall: does(send('b', 'x'), { do: 'fail' }),
          },
          off: { 'xstate.error.actor.kid': { deeds: [count], target: 'on' } },
        },
      },
      b: always({ x: does(count) }),
      child: always({ x: does({ do: 'fail' }) }, [{ do: 'spawn', part: 'leaf', id: 'leaf' }]),
      leaf: always({ x: does(count) }),
    },
    { monitors, told: { a: { go: 2, fall: 1 } } },
  ),
  play(
    'children that throw at once',
    {
      a: always({
        go: does({ do: 'spawn', part: 'child', id: 'kid' }),
        'xstate.error.actor.kid': does(count),
      }),
      child: always({ x: does(count) }, [{ do: 'fail' }]),
    },
    { monitors, told: { a: { go: 2 } } },
  ),
  play(
    'other names',
    {
      a: {
        states: {
          none: {
            go: {
              deeds: [{ do: 'spawn', part: 'child', id: 'kid', systemId: 'known' }],
              target: 'one',
            },
          },
          one: {
            stop: { deeds: [{ do: 'stop', id: 'kid' }], target: 'none' },
            swap: {
              deeds: [
                { do: 'stop', id: 'kid' },
                { do: 'spawn', part: 'child', id: 'two', systemId: 'known' },
                send('known', 'x', { delay: 2 }),
              ],
              target: 'two',
            },
            'xstate.done.actor.kid': { target: 'none' },
          },
          two: {},
        },
      },
      b: always({
        word: does(send('known', 'x')),
        later: does(send('known', 'x', { delay: 3 })),
      }),
      child: { states: { on: { x: { target: 'off' } }, off: { x: { target: 'done' } }, done: {} } },
    },
    {
      monitors,
      unknownActors: 'dead-letter',
      told: { a: { go: 2, stop: 1, swap: 1 }, b: { word: 2, later: 1 } },
    },
  ),
  play(
    'a name that nobody has',
    { a: always({ go: does(send('nobody', 'x')) }) },
    { told: { a: { go: 1 } } },
  ),
  play(
    'a name that nobody has, unmissed',
    { a: always({ go: does(send('nobody', 'x'), send('nobody', 'y', { delay: 1 })) }) },
    { monitors, told: { a: { go: 1 } }, unknownActors: 'dead-letter' },
  ),
  play(
    'two children of one name',
    { a: always({ go: does({ do: 'spawn', part: 'child', id: 'kid' }) }), child: always({}) },
    { told: { a: { go: 2 } } },
  ),
  play(
    'two actors of one other name',
    {
      a: always({ go: does({ do: 'spawn', part: 'child', id: 'kid', systemId: 'known' }) }),
      b: always({ go: does({ do: 'spawn', part: 'child', id: 'kid', systemId: 'known' }) }),
      child: always({}),
    },
    { told: { a: { go: 1 }, b: { go: 1 } } },
  ),
  ...(['fifo', 'unordered', 'persistent'] as const).flatMap((links) => [
    play(`drops ${links}`, talkers, {
      ...goes,
      monitors: [diary],
      faults: { drop: 2 },
      network: { latency, links },
    }),
    play(`early timers ${links}`, talkers, { ...goes, faults: { early: 2 }, network: { links } }),
    play(`duplicates ${links}`, talkers, { ...goes, faults: { duplicate: 1 }, network: { links } }),
    play(`drops of equal messages ${links}`, talkers, {
      faults: { drop: 1, duplicate: 1 },
      told: { a: { go: 2 } },
      network: { links },
      time: 'untimed',
    }),
  ]),
  ...(['lost', 'refused'] as const).flatMap((toDownNode) =>
    (['fifo', 'persistent'] as const).flatMap((links) =>
      (['keep', 'consume'] as const).map((unhandled) =>
        play(`crashes ${toDownNode} ${links} ${unhandled}`, talkers, {
          told: { a: { go: 1 }, b: { go: 1 } },
          durable: { c: ['n'] },
          faults: { crash: 1, restart: 1 },
          monitors: [diary],
          network: { links, toDownNode },
          unhandled,
        }),
      ),
    ),
  ),
  play('crashes of families', family, {
    told: { a: { born: 1, again: 1 } },
    faults: { crash: 1, restart: 1 },
    monitors,
    durable: { a: ['n'] },
  }),
  play('crashes of nodes of several actors', talkers, {
    ...goes,
    nodes: { a: 'n', c: 'n' },
    durable: { c: ['n'] },
    faults: { crash: 1, restart: 1 },
    monitors: [diary],
  }),
  play('faults that spare one', talkers, {
    ...goes,
    faults: { crash: 1, drop: 1, duplicate: 1, restart: 1 },
    steadfast: ['b'],
  }),
  play('pauses', clocks, { told: { a: { go: 1 } }, faults: { pause: 2 }, network: { latency } }),
  ...(['drop', 'hold'] as const).flatMap((messages) =>
    (['keep', 'consume'] as const).map((unhandled) =>
      play(`partitions that ${messages} ${unhandled}`, talkers, {
        ...goes,
        faults: { partition: 2 },
        monitors: [diary],
        network: { latency, partitions: [{ name: 'split', groups: [['a'], ['c']], messages }] },
        unhandled,
      }),
    ),
  ),
  ...(['timed', 'untimed'] as const).map((time) =>
    play(`fault plans ${time}`, talkers, {
      ...goes,
      time,
      durable: { c: ['n'] },
      monitors: [diary],
      network: {
        latency,
        partitions: [
          { name: 'split', groups: [['a'], ['c']] },
          { name: 'other', groups: [['b'], ['c']], messages: 'drop' },
        ],
      },
      plan: [
        { after: ms(2), fault: { type: 'partition', partition: 'split' } },
        { after: ms(1), fault: { type: 'partition', partition: 'other' } },
        { after: ms(1), fault: { type: 'heal' } },
        { after: ms(1), fault: { type: 'heal' } },
        { after: ms(1), fault: { type: 'pause', node: 'c' as never } },
        { after: ms(1), fault: { type: 'crash', node: 'c' as never } },
        { after: ms(1), fault: { type: 'crash', node: 'c' as never } },
        { after: ms(1), fault: { type: 'restart', node: 'c' as never } },
        { after: ms(0), fault: { type: 'restart', node: 'c' as never } },
      ],
    }),
  ),
];
