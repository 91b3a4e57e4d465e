/** A thread that helps a search in the same process. */
import { workerData } from 'node:worker_threads';

import { defined } from '../../core/defined.ts';
import { assistCheck } from '../../explore/check/check.ts';
import { mourn } from '../../explore/threads/control.ts';
import type { Answer, Order } from '../../explore/threads/crew.ts';
import { findScenario } from './find-scenario.ts';
import { stage } from './scenario.ts';
import { linkOver } from './search-crew.ts';
import type { SearchThreadData } from './search-crew.ts';

// cast -- what `withCrew` gives
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
const { port, task } = workerData as SearchThreadData;
const { given, name, properties, variant } = task;
const { system } = stage(name, await findScenario(name), given);
const link = linkOver<Answer, Order>(port);
const { receive } = link;
/** Whoever waits for this thread is told when it ends, by whatever it runs. */
const mourned = {
  ...link,
  receive: (): Order | undefined => {
    const order = receive();
    if (order?.type === 'begin') process.once('exit', () => mourn(order.control, order.helper));
    return order;
  },
};
for (const rest of assistCheck(system, { ...variant, ...defined({ properties }) }, mourned))
  rest?.();
