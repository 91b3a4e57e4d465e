import { unwritable } from '../tutorials/unreadable-messages.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** An owner passes its reference along with what cannot be pickled. */
export const exhibit: Exhibit = {
  id: 'fork-handshake-leak-on-pickle-failure',
  title: 'a message that cannot be pickled leaves the copy of a reference behind',
  of: 'PyTorch',
  component: 'rref',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'rref.noForkRollback',
  links: [],
  happens:
    'Pickling the arguments of a call notes a copy for each reference among them. An argument after it cannot ' +
    'be pickled, so the call is never sent, and the copy that was noted has no receiver who could ever delete ' +
    'it.',
  fix: 'The copies that a message took are given back when it cannot be sent or read.',
  advice:
    'Pickle doubtful arguments by themselves (`pickle.dumps`) before you pass them along with a reference.',
  property: 'P1',
  system: (isOn) => unwritable(hardened(['rref.noForkRollback'], isOn)),
};
