import { gradsOfSharedGraph } from '../tutorials/local-passes.ts';
import type { Exhibit } from './exhibit.ts';
import { hardened } from './setting.ts';

/** Two threads ask for gradients over a graph that they share. */
export const exhibit: Exhibit = {
  id: 'topological-number-data-race',
  title: 'the depth of a node is read while another thread writes it',
  of: 'PyTorch',
  component: 'engine',
  tier: 3,
  isLive: true,
  when: 'PyTorch 2.6, as a detector of races reports',
  variant: 'engine.staleTopoNr',
  links: [
    'https://github.com/pytorch/pytorch/issues/58442',
    'https://github.com/pytorch/pytorch/pull/67653',
  ],
  happens:
    'A pass that is asked for certain gradients leaves out nodes that lie less deep than all of these. Two threads ' +
    'extend one graph, and one of them reads a depth that the other has not written yet: it takes a node for a ' +
    'leaf, leaves it out, and a part of a gradient is missing. No run of PyTorch is known that shows it.',
  fix: 'The depth is written once, before the node can be reached, or under a lock.',
  advice:
    'Let each thread build its own graph, or let the threads that share one build it one after the other, and ' +
    'only then ask for gradients with `inputs`.',
  property: 'P10',
  system: (isOn) => gradsOfSharedGraph(hardened(['engine.staleTopoNr'], isOn, { poolSize: 2 })),
};
