/** A page that brings things along: one file that needs nothing beside it. */
import { invariant } from '../../core/errors.ts';
import { escapeMarkup } from '../../trace/exports/markup.ts';
import { sourcesClass } from './sources.ts';
import type { Sources } from './sources.ts';

/** Where in the page the trace is. */
export const embeddedTraceId = 'orrery-trace';
/** Where in the page the module of somebody's own system is. */
export const embeddedModuleId = 'orrery-module';
/** What the module's script calls its exports. */
export const moduleGlobal = 'orreryModule';

/**
 * The page with a trace inside, which it opens when nothing else is asked for. The trace is data and never runs.
 *
 * @throws {SimulationError} `viewer/no-page` for a text that is not the page.
 */
export function withTrace(html: string, trace: string): string {
  const data = inData(trace);
  return atEnd(html, `<script type="application/json" id="${embeddedTraceId}">${data}</script>`);
}

/** JSON that a parser of HTML leaves alone. */
export function inData(json: string): string {
  // A "<" in JSON stands in strings alone, where it may be written so; and so nothing in it ends the element.
  return json.replaceAll('<', String.raw`\u003c`);
}

/** Somebody's own system for the page. */
export interface PageModule {
  /** A script that leaves the module's exports under `moduleGlobal`, made safe by `inScript`. */
  readonly code: string;
  /** What traces and addresses call its scenario. */
  readonly name: string;
  /** The SHA-256 of the code, in base 64. */
  readonly sha256: string;
  /** What its lines come from, given the line of the page in which it begins. */
  readonly sources: (firstLine: number) => Sources;
}

/**
 * The page with somebody's own system inside. Its script is named to the browser by its hash, like the page's own.
 *
 * @throws {SimulationError} `viewer/no-page` for a text that is not the page.
 */
export function withModule(html: string, { code, name, sha256, sources }: PageModule): string {
  const policy = 'script-src ';
  const at = html.indexOf(policy);
  invariant(at >= 0, 'viewer/no-page', notThePage('a policy for its scripts'));
  const allowed = `${html.slice(0, at)}${policy}'sha256-${sha256}' ${html.slice(at + policy.length)}`;
  const id = `id="${embeddedModuleId}" data-name="${escapeMarkup(name)}"`;
  const whole = atEnd(allowed, `<script ${id}>${code}</script>`);
  const firstLine = whole.slice(0, whole.lastIndexOf(code)).split('\n').length;
  const data = inData(JSON.stringify(sources(firstLine)));
  return atEnd(whole, `<script type="application/json" class="${sourcesClass}">${data}</script>`);
}

/** Code that a parser of HTML leaves alone. */
export function inScript(code: string): string {
  return code.trim().replaceAll(/<(?=\/script|!--)/gi, String.raw`\x3C`);
}

function atEnd(html: string, element: string): string {
  const end = html.lastIndexOf('</body>');
  invariant(end >= 0, 'viewer/no-page', notThePage('an end of its body'));
  return `${html.slice(0, end)}${element}\n${html.slice(end)}`;
}

function notThePage(missing: string): string {
  return `This file is not Orrery's page: it has not ${missing}. Build it with "npm run build:viewer".`;
}
