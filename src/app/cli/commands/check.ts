/** `orrery check`: whether what must hold of a system holds, in all worlds or in some runs. */
import { defined } from '../../../core/defined.ts';
import { invariant } from '../../../core/errors.ts';
import { check as checkSystem } from '../../../explore/check/check.ts';
import type { Report } from '../../../explore/check/report.ts';
import { strategyNames } from '../../../explore/check/strategy-names.ts';
import type { StrategyName } from '../../../explore/check/strategy-names.ts';
import type { Crew } from '../../../explore/native/crew.ts';
import { parseTape } from '../../../kernel/tape.ts';
import type { Variant } from '../../../runtime/variant.ts';
import { runRemarks } from '../../../trace/violation.ts';
import { createMeter } from '../check/meter.ts';
import { propertyNames } from '../check/property-names.ts';
import { sayReport } from '../check/report.ts';
import { writeTraces } from '../check/traces.ts';
import type { WrittenViolation } from '../check/traces.ts';
import { findScenario } from '../find-scenario.ts';
import { isModulePath } from '../modules/user-module.ts';
import { parseParams, stage } from '../scenario.ts';
import { withCrew } from '../search-crew.ts';
import type { Result, Session } from '../session.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { budgets, count, groups, list, positive, share, threadCount } from './options.ts';

interface Options extends CommonOptions {
  readonly depth?: number;
  readonly faults?: Variant['faults'];
  readonly out: string;
  readonly bugDepth?: number;
  readonly complete?: true;
  readonly delays?: number;
  readonly faultRate?: number;
  readonly known?: number;
  readonly memory?: number;
  readonly param?: readonly string[];
  readonly properties?: string;
  readonly schedules?: number;
  readonly seed?: number;
  readonly shrink: boolean;
  readonly statesMax?: number;
  readonly stepsMax?: number;
  readonly strategy: string;
  readonly symmetry?: readonly (readonly string[])[] | true;
  readonly tape?: string;
  readonly threads?: number;
  readonly timed?: true;
  readonly untimed?: true;
}

/** Adds the command. */
export function addCheck(shell: Shell): void {
  declare(shell, {
    usage: 'check <scenario> [params...]',
    description: 'check that what must hold of a scenario, or of a module of your own, holds',
    examples: [
      'orrery check two-phase-commit',
      'orrery check two-phase-commit rms=4 bug=commits-without-all-votes',
      'orrery check ./my-system.ts --faults drop=1,crash=1 --untimed',
    ],
  })
    .option('--param <name=value>', 'set a parameter; may be given several times', list)
    .option('--strategy <name>', `one of ${strategyNames.join(', ')}`, 'exhaustive')
    .option('--schedules <number>', 'so many runs, where the strategy makes runs; 1000', positive)
    .option('--seed <number>', 'what all that is random is drawn from; 1', count)
    .option('--tape <tape>', 'the run of the strategy "tape", as a trace shows it')
    .option('--properties <names>', 'only these properties, separated by commas')
    .option('--faults <kind=number>', 'so many faults at most: drop=1,duplicate=1,crash=1', budgets)
    .option('--fault-rate <share>', 'how probable a fault is where one may come; 0.05', share)
    .option('--bug-depth <number>', 'how many events in one order "pct" bets on; 3', positive)
    .option('--delays <number>', 'delays of one run with "delay"; 2', positive)
    .option('--timed', 'the clock goes from due moment to due moment')
    .option('--untimed', 'any timer that is set may fire at any time')
    .option('--depth <number>', 'do not look further than so many worlds from the start', positive)
    .option('--states-max <number>', 'stop after so many worlds', positive)
    .option(
      '--known <number>',
      'so many worlds there are: say what share of them runs have seen',
      positive,
    )
    .option('--memory <megabytes>', 'stop when worlds take so much, roughly', positive)
    .option('--threads <number>', 'search with so many threads; 1', threadCount)
    .option(
      '--symmetry [groups]',
      'worlds that differ by an exchange of actors are one: those that the scenario declares, or a,b;c,d',
      groups,
    )
    .option('--steps-max <number>', 'end each run after so many steps; 10000', positive)
    .option('--complete', 'exit with 1 as well where not everything was looked at')
    .option('--no-shrink', 'leave runs that break something as they were found')
    .option('--out <folder>', 'where traces of what is broken go', 'traces')
    .action((scenario: string, params: readonly string[], options: Options) =>
      shell.run(options.json === true, (session) => check(session, { options, params, scenario })),
    );
}

const bytesPerMegabyte = 1_000_000;

interface Asked {
  readonly options: Options;
  readonly params: readonly string[];
  readonly scenario: string;
}

async function check(
  session: Session,
  { options, params: words, scenario: name }: Asked,
): Promise<Result> {
  const found = await findScenario(name);
  const given = parseParams(name, found.params, [...(options.param ?? []), ...words]);
  const { params, scenario, system } = stage(name, found, given);
  const variant = variantOf(options);
  const started = performance.now();
  const meter = createMeter(session.io);
  const { threads = 1 } = options;
  const properties =
    options.properties === undefined ? undefined : propertyNames(system, options.properties);
  const checkWith = (crew: Crew | undefined): Report =>
    checkSystem(system, {
      ...variant,
      onProgress: meter.show,
      shrink: options.shrink,
      // `check` itself refuses one that it does not know.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
      strategy: options.strategy as StrategyName,
      ...defined({
        crew,
        bugDepth: options.bugDepth,
        delaysMax: options.delays,
        bytesMax: options.memory === undefined ? undefined : options.memory * bytesPerMegabyte,
        depthMax: options.depth,
        faultRate: options.faultRate,
        known: options.known,
        properties,
        schedules: options.schedules,
        seed: options.seed,
        statesMax: options.statesMax,
        symmetry: options.symmetry,
        stepsMax: options.stepsMax,
        tape: options.tape === undefined ? undefined : parseTape(options.tape),
      }),
    });
  const report = await withCrew(threads - 1, checkWith);
  meter.done();
  const elapsedMs = Math.round(performance.now() - started);
  const violations = writeTraces(report, {
    folder: options.out,
    params,
    variant,
    ...(isModulePath(name) ? { module: name } : {}),
  });
  sayReport(session, { elapsedMs, name, params, report, scenario, violations });
  return {
    code: violations.length === 0 && (report.complete || options.complete !== true) ? 0 : 1,
    report: { scenario: name, params, ...inJson(report, violations), elapsedMs },
  };
}

function inJson(
  report: Report,
  violations: readonly WrittenViolation[],
): Readonly<Record<string, unknown>> {
  return {
    strategy: report.strategy,
    complete: report.complete,
    states: report.states,
    transitions: report.transitions,
    depth: report.depth,
    schedules: report.schedules,
    properties: report.properties.map(({ name }) => name),
    violations: violations.map((violation) => {
      const { property, steps, trace } = violation;
      const remarks = runRemarks(report, violation);
      return { property, steps, trace, ...(remarks.length === 0 ? {} : { remarks }) };
    }),
    reached: report.reached,
    undecided: report.undecided,
    vacuous: report.vacuous,
    coverage: report.coverage,
    ...defined({ estimate: report.estimate, share: report.share }),
    notes: report.notes,
  };
}

function variantOf({ faults, timed, untimed }: Options): Variant {
  invariant(
    !(timed && untimed),
    'cli/bad-option',
    'A system is timed or untimed, not both. Leave out --timed or --untimed.',
  );
  const time = timed ? 'timed' : 'untimed';
  return defined({ faults, time: timed || untimed ? time : undefined });
}
