import { describe, expect, test } from 'vitest';

import { clusterInvariants } from '../../../actors/properties/cluster-invariants.ts';
import { judge } from './planted.ts';
import { plants } from './plants.ts';

describe('an invariant of clusters', () => {
  test('is broken by some world, each of them', () => {
    // What is said of devices has its own tests, with clusters that have some.
    const plain = clusterInvariants.filter(({ isForDevices }) => isForDevices !== true);
    expect(Object.keys(plants).toSorted()).toEqual(plain.map(({ name }) => name).toSorted());
  });

  test.each(Object.entries(plants))(
    '%s holds as it is, and not with something amiss',
    (name, plant) => {
      expect(judge(name, plant)).toEqual({ amiss: false, asItIs: true });
    },
  );
});
