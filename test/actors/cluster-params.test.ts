import { describe, expect, test } from 'vitest';

import { clusterParams, clusterSetting } from '../../actors/index.ts';
import { creation } from '../../examples/tutorials/small-programs.ts';
import { defineSystem, ms, search } from '../../src/index.ts';

describe('the parameters of a cluster', () => {
  test('leave workers, network and faults to the program unless given', () => {
    const setting = clusterSetting(clusterParams);
    for (const key of ['faults', 'network', 'workers']) expect(setting).not.toHaveProperty(key);
  });

  test('say how many workers there are, and what a message takes', () => {
    expect(clusterSetting({ latency: '0, 5', workers: 3 })).toMatchObject({
      network: { latency: [ms(0), ms(5)] },
      workers: 3,
    });
  });

  test('let a call time out before its time', () => {
    expect([timesOut(0), timesOut(1)]).toEqual([false, true]);
  });

  test.each([
    [{ latency: 'soon' }, '"latency" of the cluster is "soon". Give milliseconds, as 0,5.'],
    [{ latency: '-1' }, 'Give milliseconds, as 0,5.'],
    [{ workers: 1.5 }, '"workers" of the cluster is 1.5. Give a whole number.'],
    [{ early: -1 }, '"early" of the cluster is -1. Give a number from 0.'],
  ])('%j is refused', (params, message) => {
    expect(() => clusterSetting(params)).toThrow(message);
  });
});

/** Whether a creation that is under way can time out. */
function timesOut(early: number): boolean {
  const setting = clusterSetting({ early, latency: '0', pool: 1, profile: 'hardened' });
  const { reached } = search(defineSystem(creation(setting)), {
    properties: [
      {
        name: 'a call times out',
        holds: (view) => {
          const worker = view.actor('worker0')?.context as
            | { readonly rrefs: { readonly users: object } }
            | undefined;
          return JSON.stringify(worker?.rrefs.users).includes('"timedOut":true');
        },
        type: 'sometimes',
      },
    ],
  });
  return reached.length === 1;
}
