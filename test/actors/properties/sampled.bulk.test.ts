import { expect, test } from 'vitest';

import type { ClusterSetting } from '../../../actors/index.ts';
import {
  sharingAmongUsers,
  sharingByOwner,
  sharingWithOwner,
} from '../../../examples/tutorials/sharing.ts';
import {
  creation,
  fetchAgainstDelete,
  nestedCalls,
  remoteToSelf,
  returnedReference,
} from '../../../examples/tutorials/small-programs.ts';
import { check, defineSystem, zero } from '../../../src/index.ts';
import type { SystemDefinition } from '../../../src/index.ts';

const programs: Readonly<Record<string, (setting: ClusterSetting) => SystemDefinition>> = {
  creation,
  fetchAgainstDelete,
  nestedCalls,
  remoteToSelf,
  returnedReference,
  sharingAmongUsers,
  sharingByOwner,
  sharingWithOwner,
};
const faults = ['crash', 'drop', 'duplicate', 'early'] as const;
const cases = Object.keys(programs).flatMap((program) =>
  faults.map((fault) => [program, fault] as const),
);

// With 3,000 of each, and one thread a worker, none was broken when this was written.
const schedules = 30;

test.each(cases)('hardened, %s holds under random schedules with one %s', (program, fault) => {
  for (const poolSize of [1, 2]) {
    const definition = programs[program]?.({
      faults: { [fault]: 1 },
      network: { latency: [zero] },
      poolSize,
      profile: 'hardened',
    });
    if (definition === undefined) throw new Error(`There is no program "${program}".`);
    const { violations } = check(defineSystem(definition), {
      faultRate: 0.08,
      schedules,
      shrink: false,
      strategy: 'random',
    });
    expect(violations.map(({ property }) => property)).toEqual([]);
  }
});
