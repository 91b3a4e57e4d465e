import { givenUp } from '../tutorials/late-gradients.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A call in a context; a worker may crash. */
export const exhibit: Exhibit = {
  id: 'context-orphaned-by-crash',
  title: 'the contexts of a worker that crashed stay with its peers for ever',
  of: 'PyTorch',
  component: 'dist-autograd',
  tier: 3,
  isLive: true,
  when: 'PyTorch 2.6',
  variant: 'da.noLease',
  links: ['https://github.com/pytorch/pytorch/issues/26379'],
  happens:
    'Whoever made an autograd context tells its peers of the end. A worker that crashes tells nobody, so ' +
    'what they hold of its contexts is never released: graphs, gradients, and a pass that waits for ' +
    'gradients of that worker.',
  fix:
    'A context is held under a lease: when nothing has happened in it for long, its maker is asked whether ' +
    'it is still there.',
  advice: 'When a worker was lost, start the processes of its peers again too.',
  property: 'P1',
  system: (isOn) => givenUp(hardened(['da.noLease'], isOn, { faults: { crash: 1 } })),
};
