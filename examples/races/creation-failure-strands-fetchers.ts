import { ms } from '../../src/index.ts';
import { unreadableCreation } from '../tutorials/unreadable-messages.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A value whose creation cannot be read is asked for. */
export const exhibit: Exhibit = {
  id: 'creation-failure-strands-fetchers',
  title: 'who fetches a value whose creation failed waits for ever',
  of: 'PyTorch',
  component: 'rref',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'rref.failureNotRecorded',
  links: [],
  happens:
    'The call that is to create a value cannot be unpickled by the owner. Its user asks for the value all the ' +
    'same; the owner knows no such value, takes it for one that is not created yet, and parks the fetch.',
  fix: 'The owner notes that the creation failed, and fails what waits for it and what comes later.',
  advice:
    'Give `to_here` a time-out, and wait for `rref._get_future()` before you pass a reference on.',
  property: 'P3',
  system: (isOn) =>
    unreadableCreation(hardened(['rref.failureNotRecorded'], isOn, { rpcTimeout: ms(0) })),
};
