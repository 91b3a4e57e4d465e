import { tracedCall } from '../tutorials/traced-call.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** A backward pass that may time out, whereupon its context ends. */
export const exhibit: Exhibit = {
  id: 'context-freed-mid-backward',
  title: 'a context is freed while its backward pass runs',
  of: 'PyTorch',
  component: 'dist-autograd',
  tier: 1,
  isLive: false,
  when: 'fixed in 1.4',
  variant: 'da.contextNotRefcounted',
  links: [
    'https://github.com/pytorch/pytorch/pull/29770',
    'https://github.com/pytorch/pytorch/issues/28928',
    'https://github.com/pytorch/pytorch/issues/26922',
  ],
  happens:
    'A pass runs on a worker when the message comes that ends its context, since the pass has ' +
    'failed elsewhere. The context is freed, and the pass goes on to use it.',
  fix: 'A pass holds the context that it works on.',
  property: 'P12',
  system: (isOn) =>
    tracedCall(hardened(['da.contextNotRefcounted'], isOn, { faults: { early: 1 } })),
};
