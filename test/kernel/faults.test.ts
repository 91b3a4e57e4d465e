import { describe, expect, test } from 'vitest';

import { nodeId } from '../../src/core/brand.ts';
import { ms, runSystem } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';
import { say, talk, walk } from './talk.ts';

const untimed = { time: 'untimed' } as const;

describe('loss and duplication', () => {
  test('strike any message of a fifo as long as their budgets last', () => {
    const inputs = { ann: [say('bob', 'a', 'b')] };
    const at = walk(talk({ ...untimed, inputs, faults: { drop: 1, duplicate: 1 } })).take(
      'input say to ann',
    );
    expect(at.offered()).toEqual(['deliver a', 'drop a', 'drop b', 'duplicate a', 'duplicate b']);
    const lost = at.take('drop b');
    expect(lost.offered()).toEqual(['deliver a', 'duplicate a']);
    expect(lost.steps.at(-1)?.happened).toMatchObject([{ type: 'lost', why: 'dropped' }]);
    const doubled = lost.take('duplicate a', 'deliver a', 'deliver a');
    expect(doubled.heard('bob')).toEqual(['a', 'a']);
    expect(doubled.offered()).toEqual([]);
  });

  test('gives each copy a name of its own', () => {
    const system = talk({
      ...untimed,
      faults: { duplicate: 2 },
      inputs: { ann: [say('bob', 'a')] },
    });
    const { world } = walk(system).take('input say to ann', 'duplicate a', 'duplicate a');
    const names = [...(world.links.root?.value.queue ?? [])].map(({ name }) => name);
    expect(new Set(names).size).toBe(3);
  });

  test('do not strike within a node', () => {
    const { definition } = talk({ inputs: { ann: [say('bob', 'a')] }, faults: { drop: 1 } });
    const actors = definition.actors.map((actor) => ({ ...actor, node: 'home' }));
    const at = walk(talk({ actors, faults: { drop: 1, duplicate: 1 } })).take('input say to ann');
    expect(at.offered()).toEqual(['deliver a']);
  });

  test('do not strike what stands for surroundings to rely on', () => {
    const inputs = { ann: [say('bob', 'a')], bob: [say('ann', 'b')], cid: [say('ann', 'c')] };
    const { definition } = talk({ inputs });
    const actors = definition.actors.map((actor) =>
      actor.address === 'bob' ? ({ ...actor, isSteadfast: true } as const) : actor,
    );
    const faults = { crash: 1, drop: 1, duplicate: 1 };
    const at = walk(talk({ ...untimed, actors, faults })).take(
      'input say to ann',
      'input say to bob',
      'input say to cid',
    );
    expect(at.offered().filter((choice) => !choice.startsWith('deliver'))).toEqual([
      'drop c',
      'duplicate c',
      'crash ann',
      'crash cid',
    ]);
  });

  test('do not double what a persistent link holds', () => {
    const inputs = { ann: [say('bob', 'a')] };
    const options = { ...untimed, inputs, network: { links: 'persistent' } } as const;
    const at = walk(talk({ ...options, faults: { drop: 1, duplicate: 1 } })).take(
      'input say to ann',
    );
    expect(at.offered()).toEqual(['deliver a', 'drop a']);
    expect(at.take('drop a').offered()).toEqual([]);
  });
});

describe('a crash', () => {
  const inputs = { ann: [say('bob', 'a', 'b')], bob: [{ type: 'keep' }] } as const;
  const faults = { crash: 1, restart: 1 };

  test('takes the actors of its node, all but what they declared durable', () => {
    const at = walk(talk({ ...untimed, faults, inputs })).take(
      'input say to ann',
      'deliver a',
      'input keep to bob',
      'crash bob',
    );
    expect(at.heard('bob')).toBeUndefined();
    const again = at.take('restart bob');
    expect([again.heard('bob'), again.kept('bob')]).toEqual([[], 1]);
    expect(again.take('deliver b').heard('bob')).toEqual(['b']);
  });

  test('loses what arrives meanwhile', () => {
    const at = walk(talk({ ...untimed, faults, inputs })).take('input say to ann', 'crash bob');
    const lost = at.take('deliver a');
    expect(lost.steps.at(-1)?.happened).toMatchObject([{ type: 'lost', why: 'node-down' }]);
    expect(lost.take('deliver b', 'restart bob').heard('bob')).toEqual([]);
  });

  test('tells the senders where the network refuses for the dead', () => {
    const network = { toDownNode: 'refused' } as const;
    const at = walk(talk({ ...untimed, faults, inputs, network })).take(
      'input say to ann',
      'crash bob',
      'deliver a',
    );
    expect(at.offered()).toContain('deliver orrery.refused bob -> ann');
    expect(at.take('deliver orrery.refused bob -> ann').heard('ann')).toEqual(['refused']);
  });

  test('leaves alone what the node has sent', () => {
    const at = walk(talk({ ...untimed, faults, inputs })).take('input say to ann', 'crash ann');
    expect(at.take('deliver a', 'deliver b').heard('bob')).toEqual(['a', 'b']);
  });

  test('comes as often as its budget says', () => {
    const at = walk(talk({ ...untimed, faults: { crash: 1 } })).take('crash ann');
    expect(at.offered()).toEqual([]);
  });
});

describe('a pause', () => {
  test('holds mail, timers and inputs of its node until it goes on', () => {
    const inputs = { ann: [say('bob', 'a')], bob: [{ type: 'set' }, { type: 'keep' }] } as const;
    const at = walk(talk({ faults: { pause: 1 }, inputs })).take(
      'input say to ann',
      'input set to bob',
      'pause bob',
    );
    expect(at.offered()).toEqual(['resume bob']);
    expect(at.take('resume bob').offered()).toEqual(['deliver a +1', 'input keep to bob']);
  });

  test('never ends by itself: a run may end within it', () => {
    const run = runSystem(talk({ faults: { pause: 1 } }), { chooser: () => 1 });
    expect(run.steps.length).toBeGreaterThan(1);
  });
});

describe('a partition', () => {
  const inputs = { ann: [say('bob', 'a'), say('cid', 'c')] };
  test('holds what goes from group to group until it heals', () => {
    const at = walk(talk({ ...split('hold'), inputs })).take(
      'input say to ann',
      'input say to ann',
      'partition p',
    );
    // Cid is in no group, and hears all.
    expect(at.offered()).toEqual(['deliver c', 'heal p']);
    expect(at.take('heal p').offered()).toEqual(['deliver a', 'deliver c']);
  });

  test('drops it where it says so', () => {
    const at = walk(talk({ ...split('drop'), inputs })).take('partition p', 'input say to ann');
    const lost = at.take('deliver a');
    expect(lost.steps.at(-1)?.happened).toMatchObject([{ type: 'lost', why: 'partition' }]);
    expect(lost.heard('bob')).toEqual([]);
  });
});

describe('a fault plan', () => {
  test('comes for certain, each fault so long after the one before', () => {
    const run = runSystem(
      talk({
        plan: [
          { after: ms(5), fault: { type: 'crash', node: 'bob' as never } },
          { after: ms(3), fault: { type: 'restart', node: 'bob' as never } },
        ],
      }),
    );
    expect(run.steps.map(({ at, choice }) => [at, choice?.type])).toEqual([
      [0, undefined],
      [5_000, 'crash'],
      [8_000, 'restart'],
    ]);
    expect(run.tape).toEqual([]);
  });

  test('in untimed mode comes at any moment, in its order', () => {
    const plan = [
      { after: ms(5), fault: { type: 'pause', node: 'bob' as never } },
      { after: ms(3), fault: { type: 'resume', node: 'bob' as never } },
    ] as const;
    const at = walk(talk({ ...untimed, plan, inputs: { ann: [say('bob', 'a')] } })).take(
      'input say to ann',
    );
    expect(at.offered()).toEqual(['deliver a', 'pause bob']);
    expect(at.take('pause bob').offered()).toEqual(['resume bob', 'resume bob']);
  });

  test('has names of its own: misfortune may offer the same fault at the same moment', () => {
    const plan = [{ after: ms(0), fault: { type: 'crash', node: nodeId('bob') } as const }];
    const system = talk({ ...untimed, faults: { crash: 1 }, plan });
    const names = system.choices(system.start().world).map(({ name }) => name);
    expect(names).toHaveLength(4);
    expect(new Set(names).size).toBe(4);
  });

  test('passes over a fault that is not possible', () => {
    const faults = ['restart', 'resume', 'crash', 'crash', 'pause', 'resume', 'restart'] as const;
    const run = runSystem(
      talk({
        plan: [
          ...faults.map((type) => ({ after: ms(1), fault: { type, node: 'bob' as never } })),
          { after: ms(1), fault: { type: 'heal' } },
        ],
      }),
    );
    const started = run.steps.flatMap(({ happened }) => happened.map(({ type }) => type));
    expect(started.filter((type) => type === 'started')).toHaveLength(4);
    expect(started.filter((type) => type === 'stopped')).toHaveLength(1);
    expect(run.world.nodes).toEqual({});
  });

  test.each([
    [{ plan: [{ after: ms(1), fault: { type: 'crash', node: 'bbo' } }] }, 'names "bbo"'],
    [{ plan: [{ after: ms(1), fault: { type: 'partition', partition: 'q' } }] }, 'names "q"'],
    [{ network: { partitions: [{ name: 'p', groups: [['dan']] }] } }, 'names "dan"'],
    [{ network: { partitions: [{ name: 'p', groups: [['ann'], ['ann']] }] } }, 'two groups'],
    [{ faults: { drop: -1 } }, 'budget of "drop" is -1'],
    [{ inputs: { ann: [{ type: 'keep' }, { type: 'keep' }] } }, 'declares one input twice'],
  ])('that makes no sense is a mistake: %#', (options, message) => {
    expect(() => talk(options as never)).toThrow(message);
    expect(() => talk(options as never)).toThrow(
      expect.objectContaining({ code: 'kernel/bad-rules' }),
    );
  });
});

function split(messages: 'drop' | 'hold'): Partial<SystemDefinition> {
  return {
    ...untimed,
    faults: { partition: 1 },
    network: { partitions: [{ groups: [['ann'], ['bob']], messages, name: 'p' }] },
  };
}
