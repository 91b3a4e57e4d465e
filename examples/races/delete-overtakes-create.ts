import { creation } from '../tutorials/small-programs.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A user creates a value, and its call times out. */
export const exhibit: Exhibit = {
  id: 'delete-overtakes-create',
  title: 'a delete reaches the owner before the value has been created',
  of: 'PyTorch',
  component: 'rref',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'rref.deleteUnknownForkIsNoop',
  links: [
    'https://github.com/pytorch/pytorch/pull/41217',
    'https://github.com/pytorch/pytorch/pull/38590',
  ],
  happens:
    'The call that creates a value is slow and times out at its user, which deletes its reference. The owner ' +
    'does not know it yet and takes the delete for a duplicate. Then the value is created, and nobody will ever ' +
    'delete it.',
  fix: 'The owner remembers a delete that came before its creation, which then creates nothing.',
  advice:
    'Give `rpc.remote` a time-out that creation cannot exceed (`timeout=0` for none), and wait for ' +
    '`rref._get_future()` before the last handle goes.',
  property: 'P1',
  system: (isOn) =>
    creation(
      hardened(['rref.deleteUnknownForkIsNoop'], isOn, { faults: { early: 1 }, poolSize: 2 }),
    ),
};
