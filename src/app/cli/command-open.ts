/** `orrery open`: a scenario or a trace on the page, in a browser. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { invariant } from '../../core/errors.ts';
import { withTrace } from '../viewer/embedded.ts';
import { formatAddress } from '../viewer/model/address.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { readText } from './files.ts';
import { findScenario } from './find-scenario.ts';
import { count, list } from './options.ts';
import { servePage } from './page-server.ts';
import { parseParams, stage } from './scenario.ts';
import type { Result, Session } from './session.ts';
import { stageTrace } from './staged-trace.ts';
import { isModulePath } from './user-module.ts';

interface Options extends CommonOptions {
  readonly browser: boolean;
  readonly param?: readonly string[];
  readonly port: number;
}

/** Adds the command. */
export function addOpen(shell: Shell): void {
  declare(shell, {
    usage: 'open [trace|scenario]',
    description:
      'open the page: the gallery, a trace file or a scenario, in a browser on this machine',
    examples: [
      'orrery open',
      'orrery open sharing-among-users',
      'orrery open two-phase-commit.trace.json',
    ],
  })
    .option(
      '--param <name=value>',
      'a parameter of the scenario, as "orrery list" shows them',
      list,
    )
    .option('--port <number>', 'where to serve it; any free port unless given', count, 0)
    .option('--no-browser', 'only serve it, and say where')
    .action((what: string | undefined, options: Options) =>
      shell.run(options.json === true, (session) => open(session, what, options)),
    );
}

async function open(session: Session, what: string | undefined, options: Options): Promise<Result> {
  const { hash, html } = await pageFor(what, options);
  const { close, url } = await servePage(html, options.port);
  const address = `${url}${hash}`;
  session.say(`The page is at ${address}`);
  session.say('It is served until you press Ctrl-C.');
  if (options.browser) await openBrowser(address);
  await once(process, 'SIGINT');
  await close();
  return { code: 0, report: { url: address } };
}

interface Page {
  /** What stands behind the address of the page. */
  readonly hash: string;
  readonly html: string;
}

async function pageFor(what: string | undefined, { param = [] }: Options): Promise<Page> {
  const html = builtPage();
  if (what === undefined) return { hash: '', html };
  invariant(
    !isModulePath(what),
    'cli/not-on-the-page',
    `"${what}" is a module: the page knows the listed scenarios alone. See "orrery list".`,
  );
  if (existsSync(what)) {
    invariant(
      param.length === 0,
      'cli/bad-option',
      'A trace brings its parameters along. Leave out --param.',
    );
    // What is wrong with it is said here, before a browser opens.
    await stageTrace(what, undefined);
    return { hash: '', html: withTrace(html, readText(what)) };
  }
  const scenario = await findScenario(what);
  const params = parseParams(what, scenario.params, param);
  stage(what, scenario, params);
  const address = { at: 0, params, scenario: what, tape: [], variant: {} };
  return { hash: `#${formatAddress(address)}`, html };
}

/** Beside what was built, from the sources too. */
function builtPage(): string {
  const path = fileURLToPath(
    new URL(
      import.meta.url.endsWith('.ts')
        ? '../../../dist/viewer/index.html'
        : '../../../viewer/index.html',
      import.meta.url,
    ),
  );
  invariant(
    existsSync(path),
    'cli/no-page',
    `There is no page at "${path}". Build it with "npm run build:viewer".`,
  );
  return readText(path);
}

/** A machine without a browser is told where the page is, which is all that it can use. */
async function openBrowser(address: string): Promise<void> {
  const { default: launch } = await import('open');
  const started = await launch(address);
  started.on('error', () => undefined);
}
