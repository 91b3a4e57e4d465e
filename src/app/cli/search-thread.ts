/** A thread that helps a search in the same process. */
import { workerData } from 'node:worker_threads';

import { assist } from '../../explore/native/assist.ts';
import type { SearchThreadData } from './search-crew.ts';

// cast -- what `withCrew` gives
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
const { ground, party } = workerData as SearchThreadData;
assist(ground, party);
