import { creation } from '../tutorials/small-programs.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A reference is deleted, and one message may be lost. */
export const exhibit: Exhibit = {
  id: 'control-message-not-idempotent',
  title: 'a control message that comes twice fails an assertion',
  of: 'PyTorch',
  component: 'rref',
  tier: 2,
  isLive: false,
  when: 'fixed by #33636',
  variant: 'rref.assertOnDuplicate',
  links: [
    'https://github.com/pytorch/pytorch/pull/33636',
    'https://github.com/pytorch/pytorch/issues/26116',
  ],
  happens:
    'The acknowledgement of a delete is lost, so the delete is sent again. The owner, which has forgotten the ' +
    'reference, asserts that it knows it.',
  fix: 'What is unknown or already known is acknowledged and nothing more.',
  property: 'P12',
  system: (isOn) => creation(hardened(['rref.assertOnDuplicate'], isOn, { faults: { drop: 1 } })),
};
