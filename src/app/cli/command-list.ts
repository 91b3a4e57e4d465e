/** `orrery list`: the scenarios and their parameters. */
import Table from 'cli-table3';

import { switchNames, switchTable } from '../../../machines/switches/switches.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { scenarios } from './scenarios.ts';
import type { Result, Session } from './session.ts';
import { plainStyle } from './style.ts';

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
  for (const { about, isLive, isRead, name } of rows) {
    const usual = isLive ? 'on' : 'off';
    table.push([name, isRead ? usual : 'not yet read', about]);
  }
  say(table.toString());
  say(`Set them with: orrery run <scenario> --param switches=${switchNames[0]},-<off>`);
  say('The profile "hardened" has none of them on.');
  return { code: 0, report: { switches: rows } };
}

function list({ say }: Session): Result {
  const table = new Table({
    head: ['scenario', 'parameters', 'what it is'],
    colWidths: [25, 19, 53],
    style: plainStyle,
    wordWrap: true,
  });
  for (const [name, { description, params }] of Object.entries(scenarios)) {
    const words = Object.entries(params).map(
      ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    table.push([name, words.join(' '), description]);
  }
  say(table.toString());
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
