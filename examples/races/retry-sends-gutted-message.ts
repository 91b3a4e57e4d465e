import { creation } from '../tutorials/small-programs.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A reference is deleted, and one message may be lost. */
export const exhibit: Exhibit = {
  id: 'retry-sends-gutted-message',
  title: 'retries of a control message come without their body',
  of: 'PyTorch',
  component: 'agent',
  tier: 1,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'agent.serializeMovesPayload',
  links: [
    'https://github.com/pytorch/pytorch/pull/32602',
    'https://github.com/pytorch/pytorch/pull/58422',
    'https://github.com/pytorch/pytorch/pull/59205',
  ],
  happens:
    'The message that deletes a reference is lost, and is sent again. Sending it the first time has moved its ' +
    'body out, so that what is sent again is a header alone: the owner refuses it, each time, until it is ' +
    'given up.',
  fix: 'What is kept for the next attempt is the encoded message, or a copy.',
  advice:
    'Set a time-out (`rpc_timeout`) that no owner exceeds, so that a first attempt is never thought lost, and ' +
    'give each worker enough threads.',
  property: 'P1',
  system: (isOn) =>
    creation(hardened(['agent.serializeMovesPayload'], isOn, { faults: { drop: 1 } })),
};
