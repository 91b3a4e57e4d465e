import { expect, test } from 'vitest';

import { liveHazards } from '../../../bench/live-hazards.ts';
import { wayTo } from '../../../bench/protocol-worlds.ts';

test.each(liveHazards.map((hazard) => [hazard.about, hazard] as const))(
  'PyTorch 2.6 has %s',
  (_, { at, property }) => {
    expect(wayTo(at, { profile: 'pytorch-2.6', property })).toBeGreaterThan(0);
  },
);
