import { ms } from '../../src/index.ts';
import { fetchInSweep } from '../tutorials/fetch-in-sweep.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A value is read while all references of its reader's process are deleted. */
export const exhibit: Exhibit = {
  id: 'fetch-parks-after-delete',
  title: 'a fetch that is served after the delete waits for ever',
  of: 'PyTorch',
  component: 'rref',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'rref.fetchDoesNotPin',
  links: [
    'https://github.com/pytorch/pytorch/pull/40141',
    'https://github.com/pytorch/pytorch/issues/28885',
    'https://github.com/pytorch/pytorch/pull/29306',
  ],
  happens:
    'A user reads a value and deletes its reference. The owner may serve the delete first; then the fetch is of ' +
    'a value that it does not know, which it takes for one that is not created yet, and parks the fetch.',
  fix: 'A fetch under way holds the reference that it reads, so the delete waits for its answer.',
  advice:
    'Keep the reference in a variable until `to_here()` has returned, give `to_here` a time-out, and let no ' +
    'thread read while another shuts down.',
  property: 'P3',
  system: (isOn) =>
    fetchInSweep(hardened(['rref.fetchDoesNotPin'], isOn, { poolSize: 2, rpcTimeout: ms(0) })),
};
