import { ms } from '../../src/index.ts';
import { nestedCalls } from '../tutorials/small-programs.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A call calls back, with one thread each. */
export const exhibit: Exhibit = {
  id: 'callback-blocks-loop',
  title: 'nested calls need the threads that wait for them',
  of: 'PyTorch',
  component: 'agent',
  tier: 2,
  isLive: true,
  when: 'PyTorch 2.6, by design',
  variant: 'agent.waitKeepsThread',
  links: [
    'https://github.com/pytorch/pytorch/pull/38930',
    'https://github.com/pytorch/pytorch/issues/48790',
    'https://github.com/pytorch/pytorch/issues/48478',
    'https://github.com/pytorch/pytorch/issues/44169',
  ],
  happens:
    'A function that a call runs calls back, and waits on the only thread that its worker has; what it waits ' +
    'for needs that thread.',
  fix: 'A function that waits gives its thread back, as `@rpc.functions.async_execution` with `then` does.',
  advice:
    'Let functions that call on be asynchronous (`@rpc.functions.async_execution`, `then`), or set ' +
    '`num_worker_threads` above the depth of nesting times the calls at once.',
  property: 'P11',
  system: (isOn) => nestedCalls(hardened(['agent.waitKeepsThread'], isOn, { rpcTimeout: ms(0) })),
};
