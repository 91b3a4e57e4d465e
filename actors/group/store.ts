import type { StoreRequest } from '../../machines/group/store-requests.ts';
import type { Program } from '../../src/index.ts';
import { ask } from '../ask.ts';

/** Asks the store that the group meets at; what does not come in time raises `Socket Timeout`. */
export function* askStore<Answer>(request: StoreRequest): Program<Answer> {
  return yield* ask<Answer>({ type: 'store.call', request });
}
