/** `orrery step`: the walk along a run, forth, back and aside, in a terminal. */
import { autocomplete, isCancel } from '@clack/prompts';

import { invariant } from '../../../core/errors.ts';
import { formatTrace, recordTrace } from '../../../trace/record.ts';
import { replayTrace } from '../../../trace/replay.ts';
import { explore } from '../../walk/branches.ts';
import { begin, follow } from '../../walk/course.ts';
import { writeText } from '../files.ts';
import { findScenario } from '../find-scenario.ts';
import { parseParams, stage } from '../scenario.ts';
import type { Result, Session } from '../session.ts';
import { stageTrace } from '../staging/staged-trace.ts';
import { afterMove, menuOf, placeWords, runHere } from '../step-menu.ts';
import type { Walk } from '../step-menu.ts';
import type { Terminal } from '../terminal/io.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { count, list } from './options.ts';

interface Options extends CommonOptions {
  readonly module?: string;
  readonly out?: string;
  readonly param?: readonly string[];
  readonly to?: number;
}

/** Adds the command. */
export function addStep(shell: Shell): void {
  declare(shell, {
    usage: 'step <scenario-or-trace>',
    description: 'walk along a run in the terminal: choose what happens next, go back, ask why',
    examples: [
      'orrery step two-phase-commit --param rms=2',
      'orrery step bug.trace.json --to 12',
      'orrery step sharing-among-users --param drop=1 --out lost.trace.json',
    ],
  })
    .option(
      '--param <name=value>',
      'set a parameter of a scenario; may be given several times',
      list,
    )
    .option('--to <step>', 'begin at this step of a trace; at its start unless given', count)
    .option('--out <file>', 'write the trace of where the walk ended there')
    .option('--module <file>', 'the module of a scenario of your own, for a trace of it')
    .action((name: string, options: Options) =>
      shell.run(options.json === true, (session) => step(session, name, options)),
    );
}

async function step(session: Session, name: string, options: Options): Promise<Result> {
  const { terminal } = session.io;
  invariant(
    terminal !== undefined,
    'cli/no-terminal',
    'A walk needs a terminal to ask in. Use "orrery run", "orrery replay" or "orrery show" where there is none.',
  );
  const walk = name.endsWith('.json')
    ? await walkOfTrace(name, options)
    : await walkOfScenario(name, options);
  const ended = await ask(session, terminal, walk);
  const made = runHere(ended);
  const steps = made.steps.length - 1;
  if (options.out !== undefined) {
    const { params, variant } = ended;
    writeText(options.out, formatTrace(recordTrace(ended.system, made, { params, variant })));
    session.say(`trace ${options.out}`);
  }
  return { code: 0, report: { scenario: ended.system.name, steps, hash: made.hash } };
}

async function walkOfScenario(name: string, options: Options): Promise<Walk> {
  invariant(
    options.to === undefined,
    'cli/bad-option',
    'A scenario has no steps yet to begin at. Leave out --to, or give a trace.',
  );
  const found = await findScenario(name);
  const given = parseParams(name, found.params, options.param ?? []);
  const { params, scenario, system } = stage(name, found, given);
  return { exploration: explore(begin(system)), params, scenario, system, variant: {} };
}

async function walkOfTrace(path: string, options: Options): Promise<Walk> {
  invariant(
    options.param === undefined,
    'cli/bad-option',
    'A trace has its own parameters. Leave out --param.',
  );
  const { params, scenario, system, trace } = await stageTrace(path, options.module);
  const replayed = replayTrace(trace, system);
  invariant(
    replayed.type === 'same',
    'cli/differs',
    `"${path}" does not come out as recorded. See where with: orrery replay ${path}`,
  );
  const { to = 0 } = options;
  invariant(
    to <= trace.steps,
    'trace/no-such-step',
    `There is no step ${to} in this trace: it has steps 0 to ${trace.steps}.`,
  );
  const course = follow(system, { stepsMax: trace.steps, tape: trace.departures });
  const { variant = {} } = trace.system;
  return { exploration: explore(course, to), params, scenario, system, variant };
}

/** Choices that are shown at once; the rest is scrolled to, or found by typing. */
const itemsMax = 12;

async function ask(session: Session, terminal: Terminal, first: Walk): Promise<Walk> {
  let walk = first;
  for (const line of placeWords(walk, session)) session.say(line);
  for (;;) {
    const menu = menuOf(walk);
    const answer = await autocomplete<number>({
      ...terminal,
      maxItems: itemsMax,
      message: 'What happens next? (type to find, Esc ends)',
      options: menu.map(({ hint, label }, value) => ({ hint: hint ?? '', label, value })),
    });
    const move = isCancel(answer) ? undefined : menu[answer]?.move;
    if (move === undefined || move.type === 'quit') return walk;
    const after = afterMove(walk, move, session);
    walk = after.walk;
    for (const line of after.lines) session.say(line);
  }
}
