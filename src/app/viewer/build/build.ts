/**
 * Builds the page: one file that needs no server and no network. Its scripts are named to the browser by
 * their hashes, so nothing else runs in it, whatever a trace file holds.
 */
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { transform } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { Plugin } from 'vite';

import { SimulationError } from '../../../core/errors.ts';
import { traceSchema } from '../../../trace/schema.ts';
import { inScript } from '../embedded.ts';

/** What was built, in bytes before compression. */
export interface Built {
  readonly html: string;
  readonly layout: string;
  readonly script: string;
  readonly style: string;
}

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Builds the page and writes it as `index.html` into `folder`. */
export async function buildPage(folder: string): Promise<Built> {
  const script = await bundle('src/app/viewer/page/main.tsx');
  const layout = await bundle('src/app/viewer/page/graph/layout-code.ts');
  const built = assemble({ layout, script, style: await styleSheet() });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), built.html);
  return built;
}

async function bundle(entry: string): Promise<string> {
  const made = await build({
    build: {
      lib: { entry: join(root, entry), fileName: 'page', formats: ['iife'], name: 'orrery' },
      minify: true,
      rollupOptions: { output: { codeSplitting: false } },
      target: 'es2023',
      write: false,
    },
    configFile: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
    oxc: { jsx: { importSource: 'preact', runtime: 'automatic' } },
    plugins: [compiledSchema],
    root,
  });
  const outputs = (Array.isArray(made) ? made : [made]).flatMap((one) =>
    'output' in one ? one.output : [],
  );
  const code = outputs.find((one) => one.type === 'chunk')?.code;
  if (code === undefined) {
    throw new SimulationError(
      'viewer/not-built',
      `Vite made no script of ${entry}. Build it again.`,
    );
  }
  return code;
}

async function styleSheet(): Promise<string> {
  const text = readFileSync(join(root, 'src/app/viewer/page/style.css'), 'utf8');
  return (await transform(text, { loader: 'css', minify: true })).code;
}

/** The validator of traces, made here: to make it in the browser would need `eval`. */
const compiledSchema: Plugin = {
  name: 'compiled-schema',
  enforce: 'pre',
  resolveId: (id) => (id === 'ajv' ? '\0compiled-schema' : undefined),
  load: (id) => {
    if (id !== '\0compiled-schema') return undefined;
    const ajv = new Ajv({ code: { esm: true, source: true }, strict: false });
    const code = standalone.default(ajv, ajv.compile(traceSchema));
    return `${code}\nexport function Ajv() { return { compile: () => validate }; }`;
  },
};

function assemble({ layout, script, style }: Omit<Built, 'html'>): Built {
  const parts = {
    layout: inScript(layout),
    script: inScript(script),
    style: style.replaceAll('</', '<\\/'),
  };
  const scripts = [parts.script, parts.layout].map((text) => `'sha256-${sha256(text)}'`);
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const html = documentOf({ ...parts, policy });
  return { html, layout: parts.layout, script: parts.script, style: parts.style };
}

function documentOf({
  layout,
  policy,
  script,
  style,
}: Omit<Built, 'html'> & { readonly policy: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<title>Orrery</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<div id="orrery"><p class="boot">Orrery is starting …</p></div>
<noscript>This page runs a simulation: it needs JavaScript.</noscript>
<script type="text/plain" id="orrery-layout">${layout}</script>
<script>${script}</script>
</body>
</html>
`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
