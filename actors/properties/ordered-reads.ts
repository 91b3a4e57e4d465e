import { always } from '../../src/index.ts';
import type { Invariant } from './invariant.ts';
import { everyWorker } from './workers.ts';

/** D1. */
export const orderedReads: Invariant = {
  name: 'D1',
  about:
    'on workers that are up, nothing reads what another stream of a device wrote without an event between',
  isForDevices: true,
  of: ({ addresses }) =>
    always(
      'D1',
      everyWorker(addresses, ({ devices }) => devices?.streams.race === undefined),
    ),
};
