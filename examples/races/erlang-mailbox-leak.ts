import { erlangCall } from '../systems/erlang-call.ts';
import type { Exhibit } from './exhibit.ts';
import { erlangCallMeanings } from './meanings.ts';

export const exhibit: Exhibit = {
  id: 'erlang-mailbox-leak',
  title: 'a late reply stays in the mailbox for ever',
  of: 'Erlang/OTP',
  component: 'calls',
  isLive: false,
  when: 'fixed in OTP 24',
  variant: 'a late reply stays in the mailbox, and nobody will ever look for it',
  links: ['https://wejn.org/2022/01/beamitude-genserver-call-timeout/'],
  happens:
    'Each call takes only its own reply. One that comes after its call was given up is ' +
    "nobody's: it stays in the mailbox, which grows and slows every search in it.",
  fix:
    'The reference is an alias of the process that is switched off when the call ends: what ' +
    'is sent to it then is dropped.',
  property: 'the mailbox is empty',
  system: (isOn) => erlangCall(isOn ? { bug: 'keeps-late-replies' } : {}),
  meanings: erlangCallMeanings,
};
