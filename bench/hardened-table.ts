/**
 * `npm run evidence:worlds`: all worlds of the small programs of the hardened protocol, case by case, into the
 * table of `docs/rpc.md`: `npm run evidence:worlds -- '^creation .* crash$' --minutes 10 --part 1/2`.
 */
import { takeCases } from './case-table.ts';
import { pagePart } from './page.ts';
import { protocolCases, protocolVerdict } from './protocol-worlds.ts';

takeCases({
  cases: protocolCases(),
  header: ['program', 'workers', 'pool', 'fault'],
  keyOf: ({ fault, poolSize, scenario, workers }) => [scenario, `${workers}`, `${poolSize}`, fault],
  measured: ['actors', 'bench/protocol-worlds.ts', 'examples/tutorials', 'machines', 'src'],
  part: pagePart('rpc.md', 'worlds'),
  take: (one, limits) => protocolVerdict(one, { ...limits, profile: 'hardened' }),
});
