import { erlangCall } from '../systems/erlang-call.ts';
import type { Exhibit } from './exhibit.ts';
import { erlangCallMeanings } from './meanings.ts';

export const exhibit: Exhibit = {
  id: 'erlang-late-reply',
  title: 'a late reply is taken for the reply to the next call',
  of: 'Erlang/OTP',
  component: 'calls',
  isLive: false,
  when: 'ruled out by unique references',
  variant: 'a call takes the first reply that comes, whatever it replies to',
  links: ['https://wejn.org/2022/01/beamitude-genserver-call-timeout/'],
  happens:
    'A process calls another and gives up after a while. The reply comes all the same and ' +
    'stays in the mailbox, where the next call finds it and takes it for its own.',
  fix:
    'Each call has a reference that no other has, and takes only a reply that carries it. ' +
    'That alone breaks something else: `erlang-mailbox-leak`.',
  property: 'a call takes its own reply',
  system: (isOn) => erlangCall(isOn ? { bug: 'takes-any-reply' } : {}),
  meanings: erlangCallMeanings,
};
