/** `orrery shrink`: the smallest run that breaks what a trace breaks. */
import { shrink } from '../../../explore/shrink/shrink.ts';
import type { Shrunk } from '../../../explore/shrink/shrink.ts';
import { shrinkProgram } from '../../../explore/shrink/smaller-program.ts';
import type { ShrunkProgram } from '../../../explore/shrink/smaller-program.ts';
import type { Property } from '../../../runtime/property.ts';
import { varied } from '../../../runtime/variant.ts';
import { brokenProperty } from '../../../trace/broken.ts';
import { formatTrace, recordTrace } from '../../../trace/record.ts';
import { replayTrace } from '../../../trace/replay.ts';
import { story } from '../../../trace/story.ts';
import type { BrokenProperty } from '../../../trace/trace.ts';
import { writeText } from '../files.ts';
import { closing } from '../log.ts';
import type { Params } from '../scenario.ts';
import type { Result, Session } from '../session.ts';
import { stageTrace } from '../staging/staged-trace.ts';
import type { StagedTrace } from '../staging/staged-trace.ts';
import { namedProperty } from '../staging/traced-property.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { count } from './options.ts';

interface Options extends CommonOptions {
  readonly module?: string;
  readonly out?: string;
  readonly params?: true;
  readonly property?: string;
  readonly quiet?: true;
  readonly stepsMax: number;
}

/** Adds the command. */
export function addShrink(shell: Shell): void {
  declare(shell, {
    usage: 'shrink <trace>',
    description: 'find the smallest run that breaks the property that a trace breaks',
    examples: [
      'orrery shrink bug.trace.json --out small.trace.json',
      'orrery shrink bug.trace.json --params --out small.trace.json',
    ],
  })
    .option('--out <file>', 'write the small trace there')
    .option('--property <name>', 'what is broken; what the trace says unless given')
    .option('--params', 'try smaller numbers for the parameters of the scenario, too')
    .option('--steps-max <number>', 'end after so many steps of replays', count, 300_000)
    .option('--module <file>', 'the module of a scenario of your own')
    .option('--quiet', 'print no event log')
    .action((trace: string, options: Options) =>
      shell.run(options.json === true, async (session) =>
        shrinkTrace(session, await stageTrace(trace, options.module), options),
      ),
    );
}

function shrinkTrace(session: Session, staged: StagedTrace, options: Options): Result {
  const { path, scenario, trace } = staged;
  const property = namedProperty(staged, options.property);
  const small = madeSmall(staged, property, options);
  const { run } = small;
  const broken = brokenIn(staged, small);
  const { colors, say, width } = session;
  const look = scenario.label === undefined ? { width } : { label: scenario.label, width };
  if (!options.quiet) for (const line of story(run.steps, { ...look, tape: run.tape })) say(line);
  say(closing(run));
  say(colors.red(`"${property.name}" is broken: ${broken.message}`));
  if (options.params) say(`parameters ${JSON.stringify(small.program)}`);
  say(sizes(small));
  if (options.out !== undefined) {
    const { variant } = trace.system;
    const recorded = recordTrace(small.system, run, {
      params: small.program,
      property: broken,
      ...(variant === undefined ? {} : { variant }),
    });
    writeText(options.out, formatTrace(recorded));
    say(`trace ${options.out}`);
  }
  return {
    code: 0,
    report: {
      trace: path,
      scenario: trace.system.name,
      property: property.name,
      params: small.program,
      complete: small.complete,
      from: small.from,
      to: small.size,
      replays: small.spent.replays,
      steps: run.steps.length - 1,
      hash: run.hash,
      ...(options.out === undefined ? {} : { out: options.out }),
    },
  };
}

/** The smallest run of the system; with `--params`, of any that is made of smaller numbers. */
function madeSmall(
  { params, scenario, system, trace }: StagedTrace,
  property: Property,
  { params: isOfAny, stepsMax }: Options,
): ShrunkProgram<Params> {
  const { run } = replayTrace(trace, system);
  const { loop } = trace.property ?? {};
  const options = { ...(loop === undefined ? {} : { loop }), property, run, stepsMax };
  if (isOfAny !== true) {
    return { ...shrink(system, options), program: trace.system.params, property, system };
  }
  return shrinkProgram(system, {
    ...options,
    program: params,
    smaller: withSmallerNumbers,
    systemOf: (smaller) => varied(scenario.make(smaller), trace.system.variant),
  });
}

/** The parameters with one number less, each in turn. */
function withSmallerNumbers(params: Params): readonly Params[] {
  return Object.entries(params).flatMap(([key, value]) =>
    typeof value === 'number' && Number.isInteger(value) && value > 0
      ? [{ ...params, [key]: value - 1 }]
      : [],
  );
}

/** What is broken; the second of two runs that must agree stays as it is, and so do both ends. */
function brokenIn(
  { trace: { property: recorded } }: StagedTrace,
  { loop, property, run, system }: ShrunkProgram<Params>,
): BrokenProperty {
  if (recorded?.other !== undefined && recorded.name === property.name) return recorded;
  return brokenProperty(system, property, { ...(loop === undefined ? {} : { loop }), run });
}

function sizes({ complete, from, size, spent }: Shrunk): string {
  const end = complete ? '' : ', ended by its limit of steps';
  return (
    `${from.steps} steps with ${from.departures} departures and ${from.faults} faults became ` +
    `${size.steps} with ${size.departures} and ${size.faults}, in ${spent.replays} replays${end}`
  );
}
