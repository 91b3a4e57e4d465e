import { zero } from '../../src/index.ts';
import { twoCalls } from '../tutorials/chained-futures.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two calls to a worker that may crash. */
export const exhibit: Exhibit = {
  id: 'read-error-vs-write-callback',
  title: 'one failure of a pipe is delivered twice',
  of: 'PyTorch',
  component: 'agent',
  tier: 2,
  isLive: false,
  when: 'fixed by #52837',
  variant: 'agent.errorFlushOnce',
  links: [
    'https://github.com/pytorch/pytorch/pull/52837',
    'https://github.com/pytorch/pytorch/pull/52749',
  ],
  happens:
    'A pipe breaks while one call on it waits for its answer and another is being written. The read ' +
    'that fails ends all calls of the pipe; then the write fails, looks for its own call, and asserts ' +
    'that it is there.',
  fix: 'Either may be the first, and ends what is still there.',
  property: 'P12',
  system: (isOn) =>
    twoCalls(
      hardened(['agent.errorFlushOnce'], isOn, {
        faults: { crash: 1 },
        network: { latency: [zero], toDownNode: 'refused' },
      }),
    ),
};
