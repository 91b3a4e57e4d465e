import { confluence } from './gradient-confluence.ts';
import { gradientPrograms } from './gradient-programs.ts';
import type { Section } from './section.ts';

const poolSize = 2;
const statesMax = 2_000_000;

/** All worlds of small backward programs, and how many there are. */
export function gradientOrders(): Section {
  const modes = ['fast', 'smart', 'smart-discovery'] as const;
  return {
    title: 'Gradients in every order',
    method:
      'Every interleaving of small programs with a distributed backward pass, hardened, two threads a worker. ' +
      'All numbers are exact in float32. In each world at rest the gradients are those of the run in order, ' +
      'and no context, pass or graph task is left.',
    header: [
      'program',
      'workers',
      'gradients',
      ...modes.map((mode) => `worlds, ${mode}`),
      'broken',
    ],
    rows: Object.entries(gradientPrograms).map(([name, program]) => {
      const found = modes.map((mode) =>
        confluence({ fault: 'none', mode, poolSize, program }, { statesMax }),
      );
      const broken = found.flatMap((one) => one.broken);
      return [
        name,
        String(program.workers),
        JSON.stringify(found[0]?.gradients),
        ...found.map(({ result }) => `${result.states}${result.complete ? '' : ', not all'}`),
        broken.length === 0 ? 'nothing' : [...new Set(broken)].join(', '),
      ];
    }),
  };
}
