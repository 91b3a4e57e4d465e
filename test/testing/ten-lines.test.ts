import { expect, test } from 'vitest';

import { system } from '../../examples/tutorials/asking.ts';
import { sometimes } from '../../src/index.ts';
import { matchers } from '../../src/testing/index.ts';

expect.extend(matchers);

test('the client is served whatever is lost or comes twice', async () => {
  await expect(system).toHold('the client is served');
  await expect(system).toHold('the client is served', { faults: { drop: 2, duplicate: 1 } });
  await expect(system).toReach(
    sometimes('nothing is under way', (view) => view.messages().length === 0),
  );
});
