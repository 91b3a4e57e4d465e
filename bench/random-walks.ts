import { paxos, paxosProperties } from '../examples/protocols/paxos.ts';
import { built } from './built.ts';
import type { Section } from './section.ts';

const { byPos, byRandom, defineSystem, sample } = built;

/** Random walks on Paxos, linearizability checked at each step. */
export function randomWalks(): Section {
  const cases = [
    { clients: 2, name: 'random', schedules: 400_000, strategy: byRandom() },
    { clients: 3, name: 'random', schedules: 3_000_000, strategy: byRandom() },
    { clients: 3, name: 'partial-order sampling, plain kernel', schedules: 500, strategy: byPos() },
  ];
  return {
    title: 'Random walks',
    method:
      'Deliveries a second (of CPU) of `sample` on Paxos with 3 servers, linearizability checked at each step ' +
      'and worlds counted. The bar is 4 million with 3 clients on a machine where SPIN takes 3.7 s for ' +
      'two-phase commit with 8 resource managers.',
    header: [
      'clients',
      'strategy',
      'schedules',
      'deliveries',
      'worlds',
      'deliveries/s',
      'schedules/s',
    ],
    rows: cases.map(({ clients, name, schedules, strategy }) => {
      const system = defineSystem({ ...paxos({ clients }), rememberedMax: 100_000 });
      const from = process.cpuUsage();
      const report = sample(system, { properties: paxosProperties(), schedules, strategy });
      const { system: own, user } = process.cpuUsage(from);
      const seconds = (own + user) / 1e6;
      return [
        `${clients}`,
        name,
        `${report.schedules}`,
        `${report.transitions}`,
        `${report.states}`,
        `${(report.transitions / seconds / 1e6).toFixed(2)} M`,
        `${Math.round(report.schedules / seconds / 1e3)} k`,
      ];
    }),
  };
}
