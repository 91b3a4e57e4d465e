import { describe, expect, test } from 'vitest';

import { ms } from '../../src/index.ts';
import type { Choice, System, World } from '../../src/index.ts';
import { labelOf, say, talk, walk } from './talk.ts';

const notOffered = expect.objectContaining({ code: 'kernel/not-offered' });

describe('a choice that a world does not offer is refused', () => {
  const inputs = { ann: [say('bob', 'a', 'b')], cid: [{ type: 'set' }] } as const;
  const faults = { crash: 1, drop: 1, duplicate: 1, partition: 1, pause: 1, restart: 1 };
  const partitions = [{ groups: [['ann'], ['bob']], name: 'p' }];
  const system = talk({ faults, inputs, network: { partitions }, time: 'untimed' });

  test.each([
    ['a message that has arrived', ['input say to ann'], 'deliver a', ['deliver a']],
    ['a message that is gone', ['input say to ann'], 'drop a', ['deliver a']],
    ['the copy of what is gone', ['input say to ann'], 'duplicate a', ['drop a']],
    ['a timer that has fired', ['input set to cid'], 'fire quick', ['fire quick']],
    ['a timer whose node stands still', ['input set to cid'], 'fire quick', ['pause cid']],
    ['a message to a node that stands still', ['input say to ann'], 'deliver a', ['pause bob']],
    ['a message that a partition holds', ['input say to ann'], 'deliver a', ['partition p']],
    ['an input that is used up', [], 'input say to ann', ['input say to ann']],
    ['an input to a node that stands still', [], 'input say to ann', ['pause ann']],
    ['an input to nobody', [], 'input say to ann', ['crash ann']],
    ['a crash beyond the budget', [], 'crash ann', ['crash bob']],
    ['the crash of what is down', [], 'crash ann', ['crash ann']],
    ['the restart of what is up', ['crash ann'], 'restart ann', ['restart ann']],
    ['the end of a pause that ended', ['pause ann'], 'resume ann', ['resume ann']],
    ['a second partition', [], 'partition p', ['partition p']],
    ['the end of a partition that ended', ['partition p'], 'heal p', ['heal p']],
  ] as const)('%s', (...[, before, label, meanwhile]) => {
    const then = walk(system).take(...before);
    const choice = choiceOf(system, then.world, label);
    expect(() => system.apply(then.world, choice)).not.toThrow();
    expect(() => system.apply(then.take(...meanwhile).world, choice)).toThrow(notOffered);
  });

  test('a message behind another in a fifo', () => {
    const then = walk(system).take('input say to ann');
    const behind = choiceOf(system, then.take('deliver a').world, 'deliver b');
    expect(() => system.apply(then.world, behind)).toThrow(notOffered);
  });

  test('a moment that has passed, or would pass over something due', () => {
    const timed = talk({ inputs, network: { latency: [ms(5), ms(15)] } });
    const both = walk(timed).take('input say to ann', 'input set to cid');
    const alone = walk(timed).take('input say to ann');
    const late = choiceOf(timed, alone.world, 'deliver a +15');
    expect(() => timed.apply(alone.world, late)).not.toThrow();
    expect(() => timed.apply(both.world, late)).toThrow(notOffered);
    const early = choiceOf(timed, alone.world, 'deliver a +5');
    expect(() => timed.apply(both.take('fire quick +10').world, early)).toThrow(notOffered);
  });
});

function choiceOf(system: System, world: World, label: string): Choice {
  const choice = system.choices(world).find((candidate) => labelOf(candidate) === label);
  if (choice === undefined) throw new Error(`No "${label}".`);
  return choice;
}
