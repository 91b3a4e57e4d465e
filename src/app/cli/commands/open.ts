/** `orrery open`: a scenario or a trace on the page, in a browser. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';

import { invariant } from '../../../core/errors.ts';
import { formatBookmark } from '../../viewer/model/bookmark.ts';
import { findScenario } from '../find-scenario.ts';
import { isModulePath } from '../modules/user-module.ts';
import { pageFile, pageOfTrace } from '../page/page-file.ts';
import { servePage } from '../page/page-server.ts';
import { parseParams, stage } from '../scenario.ts';
import type { Result, Session } from '../session.ts';
import { stageTrace } from '../staging/staged-trace.ts';
import { declare } from './command.ts';
import type { CommonOptions, Shell } from './command.ts';
import { count, list } from './options.ts';

interface Options extends CommonOptions {
  readonly browser: boolean;
  readonly module?: string;
  readonly param?: readonly string[];
  readonly port: number;
}

/** Adds the command. */
export function addOpen(shell: Shell): void {
  declare(shell, {
    usage: 'open [trace-or-scenario]',
    description:
      'open the page: the gallery, a trace file, a scenario or a module of your own, in a browser on this machine',
    examples: [
      'orrery open',
      'orrery open sharing-among-users',
      'orrery open two-phase-commit.trace.json',
      'orrery open ./my-system.ts',
    ],
  })
    .option(
      '--param <name=value>',
      'a parameter of the scenario, as "orrery list" shows them',
      list,
    )
    .option('--module <file>', 'the module of a scenario of your own, for a trace of it')
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

async function pageFor(what: string | undefined, options: Options): Promise<Page> {
  if (what === undefined) {
    forTracesAlone(options);
    return { hash: '', html: await pageFile({}) };
  }
  if (existsSync(what) && !isModulePath(what)) return traceFor(what, options);
  forTracesAlone(options);
  const scenario = await findScenario(what);
  const params = parseParams(what, scenario.params, options.param ?? []);
  const { system } = stage(what, scenario, params);
  const isOwn = isModulePath(what);
  const name = isOwn ? system.name : what;
  const bookmark = { at: 0, params, scenario: name, tape: [], variant: {} };
  const luggage = isOwn ? { module: { name, path: what } } : {};
  return { hash: `#${formatBookmark(bookmark)}`, html: await pageFile(luggage) };
}

async function traceFor(path: string, { module, param = [] }: Options): Promise<Page> {
  invariant(
    param.length === 0,
    'cli/bad-option',
    'A trace brings its parameters along. Leave out --param.',
  );
  // What is wrong with it is said here, before a browser opens.
  const staged = await stageTrace(path, module);
  return { hash: '', html: await pageOfTrace(staged, module) };
}

function forTracesAlone({ module }: Options): void {
  invariant(
    module === undefined,
    'cli/bad-option',
    'Only a trace needs --module beside it. A module is opened by its path: orrery open ./my-system.ts.',
  );
}

/** A machine without a browser is told where the page is, which is all that it can use. */
async function openBrowser(address: string): Promise<void> {
  const { default: launch } = await import('open');
  const started = await launch(address);
  started.on('error', () => undefined);
}
