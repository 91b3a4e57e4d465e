/** `orrery list`: the scenarios and their parameters. */
import Table from 'cli-table3';

import { switchNames, switchTable } from '../../../../machines/switches/switches.ts';
import { paramWords } from '../scenario.ts';
import { scenarios } from '../scenarios.ts';
import type { Result, Session } from '../session.ts';
import { plainStyle } from '../terminal/style.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';

/** Adds the command. */
export function addList(shell: Shell): void {
  declare(shell, {
    usage: 'list',
    description: 'list the scenarios and their parameters',
    examples: ['orrery list', 'orrery list --switches'],
  })
    .option('--switches', 'list the bugs of PyTorch that can be switched on and off')
    .action((options: Options) =>
      shell.run(options.json === true, (session) =>
        options.switches === true ? listSwitches(session) : list(session),
      ),
    );
}

interface Options extends CommonOptions {
  readonly switches?: true;
}

function listSwitches({ say }: Session): Result {
  const table = new Table({
    head: ['switch', 'pytorch-2.6', 'what happens while it is on'],
    colWidths: [35, 14, 48],
    style: plainStyle,
    wordWrap: true,
  });
  const rows = switchNames.map((name) => ({ name, ...switchTable[name] }));
  for (const { about, isLive, name } of rows) table.push([name, isLive ? 'on' : 'off', about]);
  say(table.toString());
  say(`Set them with: orrery run <scenario> --param switches=${switchNames[0]},-<off>`);
  say('The profile "hardened" has none of them on.');
  return { code: 0, report: { switches: rows } };
}

function list({ say }: Session): Result {
  const all = Object.entries(scenarios);
  const table = new Table({
    head: ['scenario', 'parameters', 'what it is'],
    // A name is there to be copied, so it is never cut.
    colWidths: [Math.max(...all.map(([name]) => name.length)) + 2, 19, 45],
    style: plainStyle,
    wordWrap: true,
  });
  const common = commonParams(all.map(([, { params }]) => paramWords(params).join(' ')));
  for (const [name, { description, params }] of all) {
    const words = paramWords(params).join(' ');
    table.push([name, common.get(words) ?? words, description]);
  }
  say(table.toString());
  for (const [words, mark] of common) say(`${mark}: ${words}`);
  say('Check one with: orrery check <scenario> <name=value>');
  say('Run one with: orrery run <scenario> --param <name=value> --seed <number>');
  return {
    code: 0,
    report: {
      scenarios: Object.entries(scenarios).map(([name, { description, params }]) => ({
        name,
        description,
        params,
      })),
    },
  };
}

/** Long lists of parameters that several scenarios share, and the mark that stands for each in the table. */
function commonParams(all: readonly string[]): ReadonlyMap<string, string> {
  const long = [...new Set(all)].filter(
    (words) => words.length > longParams && all.filter((one) => one === words).length > 1,
  );
  return new Map(long.map((words, index) => [words, `(${index + 1})`]));
}

/** Columns that parameters may take up before they are said once for all. */
const longParams = 60;
