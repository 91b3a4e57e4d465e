/** `orrery list`: the scenarios and their parameters. */
import Table from 'cli-table3';

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
    examples: ['orrery list'],
  }).action((options: CommonOptions) =>
    shell.run(options.json === true, (session) => list(session)),
  );
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
