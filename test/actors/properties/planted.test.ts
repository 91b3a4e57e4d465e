import { describe, expect, test } from 'vitest';

import { clusterInvariants } from '../../../actors/properties/cluster-invariants.ts';
import { judge } from './planted.ts';
import { plants } from './plants.ts';

describe('an invariant of clusters', () => {
  test('is broken by some world, each of them', () => {
    expect(Object.keys(plants).toSorted()).toEqual(
      clusterInvariants.map(({ name }) => name).toSorted(),
    );
  });

  test.each(Object.entries(plants))(
    '%s holds as it is, and not with something amiss',
    (name, plant) => {
      expect(judge(name, plant)).toEqual({ amiss: false, asItIs: true });
    },
  );
});
