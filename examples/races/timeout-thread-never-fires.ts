import { ms } from '../../src/index.ts';
import { creation } from '../tutorials/small-programs.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A value is made for another worker, and one message may be lost. */
export const exhibit: Exhibit = {
  id: 'timeout-thread-never-fires',
  title: 'the thread that watches time-outs finds none due',
  of: 'PyTorch',
  component: 'agent',
  tier: 3,
  isLive: false,
  when: 'fixed by #38928',
  variant: 'agent.watchdogDead',
  links: ['https://github.com/pytorch/pytorch/pull/38928'],
  happens:
    'The thread that looks for calls whose time is up compares the clock with a moment far ahead, before it looks ' +
    'at the table of calls: none is ever due. A message is lost, and whoever waits for its answer waits for ever.',
  fix: 'The table is looked at first.',
  property: 'P3',
  system: (isOn) =>
    creation(hardened(['agent.watchdogDead'], isOn, { faults: { drop: 1 }, rpcTimeout: ms(5) })),
};
