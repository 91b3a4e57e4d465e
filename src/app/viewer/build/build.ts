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
import { inData, inScript } from '../embedded.ts';
import { sourcesClass } from '../sources.ts';
import { hasPrograms, sourceTable } from './source-table.ts';
import type { SourceMap } from './source-table.ts';

/** What was built, in bytes before compression. */
export interface Built {
  readonly html: string;
  readonly layout: string;
  readonly script: string;
  /** The sources of the examples' user code, as JSON. */
  readonly sources: string;
  readonly style: string;
}

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Builds the page and writes it as `index.html` into `folder`. */
export async function buildPage(folder: string): Promise<Built> {
  const script = await bundle('src/app/viewer/page/main.tsx');
  const layout = await bundle('src/app/viewer/page/graph/layout-code.ts');
  const built = assemble({ layout: layout.code, script, style: await styleSheet() });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), built.html);
  return built;
}

async function bundle(entry: string): Promise<Bundled> {
  const made = await build({
    build: {
      lib: { entry: join(root, entry), fileName: 'page', formats: ['iife'], name: 'orrery' },
      minify: true,
      sourcemap: true,
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
  const chunk = outputs.find((one) => one.type === 'chunk');
  if (chunk === undefined) {
    throw new SimulationError(
      'viewer/not-built',
      `Vite made no script of ${entry}. Build it again.`,
    );
  }
  return { code: chunk.code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, ''), map: chunk.map };
}

interface Bundled {
  readonly code: string;
  readonly map: SourceMap | null;
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

interface Parts {
  readonly layout: string;
  readonly script: Bundled;
  readonly style: string;
}

function assemble({ layout, script, style }: Parts): Built {
  const parts = {
    layout: inScript(layout),
    script: `\n${inScript(script.code)}`,
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
  // How long the sources are says nothing of where the script begins: they stand in one line.
  const draft = documentOf({ ...parts, policy, sources: '' });
  const firstLine = draft.slice(0, draft.indexOf(parts.script)).split('\n').length + 1;
  const sources =
    script.map === null
      ? ''
      : inData(JSON.stringify(sourceTable(script.map, { firstLine, nameOf: nameOfExample })));
  return { ...parts, html: documentOf({ ...parts, policy, sources }), sources };
}

/** Examples are shown where they have user code. */
function nameOfExample(source: string, text: string): string | undefined {
  const [, path] = /(?:^|\/)(examples\/.*)$/.exec(source) ?? [];
  return hasPrograms(text) ? path : undefined;
}

function documentOf({
  layout,
  policy,
  script,
  sources,
  style,
}: Omit<Built, 'html'> & { readonly policy: string }): string {
  // A parser drops what stands between the first tags: so nothing does, and lines stay where they are in a copy.
  return `<!doctype html><html lang="en"><head>
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
<script type="application/json" class="${sourcesClass}">${sources}</script>
<script>${script}</script>
</body>
</html>
`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
