import { sharingAmongUsers } from '../tutorials/sharing.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A reference is passed on, and its owner cannot be reached. */
export const exhibit: Exhibit = {
  id: 'lost-fork-request-kills-process',
  title: 'a request for a copy that fails for good ends the process',
  of: 'PyTorch',
  component: 'rref',
  tier: 2,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'rref.callbackRethrows',
  links: ['https://github.com/pytorch/pytorch/pull/38590'],
  happens:
    'A worker that received a reference asks its owner to note the copy. All attempts fail. The callback of ' +
    'the last one raises the error on the thread that sends again, which nobody guards: the process ends.',
  fix: 'The copy counts as refused: what waits for it fails, and who passed it on is told.',
  advice: 'Do not pass on references whose owner may be gone; pass the value.',
  property: 'P12',
  system: (isOn) =>
    sharingAmongUsers(
      hardened(['rref.callbackRethrows'], isOn, {
        backend: { messagesToFail: ['RREF_FORK_REQUEST'], numFailSends: 6 },
      }),
    ),
};
