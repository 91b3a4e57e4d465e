import { alternate } from './alternate.ts';
import { timeOurs, timeXState } from './ring.ts';
import type { Section } from './section.ts';

const deliveries = 4_000;

/** Deliveries without memo or hash against XState's own runtime, with the same machines. */
export function plainPath(): Section {
  const cases = [
    { actors: 2, name: 'ping-pong' },
    { actors: 100, name: 'ring of 100' },
  ];
  return {
    title: 'Plain path',
    method:
      'Deliveries a second of `dullest` and `apply` (no memo, no hash) and of `createActor` with the ' +
      'same machines, all actors on one node. Medians of 41 turns; the bar is a ratio of 1.0.',
    header: ['system', 'Orrery', 'XState', 'ratio'],
    rows: cases.map(({ actors, name }) => {
      const ring = { actors, deliveries };
      const { ours, ratio, theirs } = alternate({
        ours: () => timeOurs(ring),
        theirs: () => timeXState(ring),
      });
      return [name, rateOf(ours), rateOf(theirs), ratio.toFixed(2)];
    }),
  };
}

function rateOf(spanMs: number): string {
  return `${Math.round(deliveries / spanMs)} k/s`;
}
