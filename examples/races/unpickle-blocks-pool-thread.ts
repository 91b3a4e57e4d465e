import { ms } from '../../src/index.ts';
import { sharingAmongUsers } from '../tutorials/sharing.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A reference is passed on while its value is being created. */
export const exhibit: Exhibit = {
  id: 'unpickle-blocks-pool-thread',
  title: 'a fetch keeps the thread that its value needs to be made',
  of: 'PyTorch',
  component: 'rref',
  tier: 1,
  isLive: false,
  when: 'fixed by #36805',
  variant: 'rref.blockOnMissingOwner',
  links: [
    'https://github.com/pytorch/pytorch/pull/36785',
    'https://github.com/pytorch/pytorch/pull/36805',
  ],
  happens:
    'The owner has one thread. A fetch of a value that is not created yet comes first and waits on that ' +
    'thread; the call that creates the value is queued behind it.',
  fix: 'A fetch is parked without a thread until the value is there.',
  property: 'P11',
  system: (isOn) =>
    sharingAmongUsers(hardened(['rref.blockOnMissingOwner'], isOn, { rpcTimeout: ms(0) })),
};
