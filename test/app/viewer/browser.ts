/** A real browser for tests of the page; where there is none, they say so and how to get it. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, vi } from 'vitest';
import type { TestContext } from 'vitest';

import { startChromium } from '../../../bench/chromium.ts';
import { buildPage } from '../../../src/app/viewer/build/build.ts';

/** Why tests of the page are left out. */
const noBrowser =
  'there is no Chromium: install it ("apt-get install chromium"), or say where it is in CHROMIUM_PATH';

/** A browser and the page that it opens. */
export interface Stage {
  readonly browser: Browser;
  /** For files of a test. */
  readonly folder: string;
  readonly url: string;
}

/** Where the command line looks for the page. */
const pagePath = 'dist/viewer/index.html';
/** Where pictures are kept. */
const pictures = process.env['ORRERY_PICTURES'] ?? 'artefacts/page';

/**
 * Sets a stage for the tests of a file, and clears it after them.
 *
 * @returns what gives a test the stage, or leaves it out and says why.
 */
export function useStage(): (context: TestContext) => Stage {
  // A browser on a busy machine takes its time.
  vi.setConfig({ hookTimeout: 120_000, testTimeout: 180_000 });
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(async () => {
    await clearStage(stage);
    vi.resetConfig();
  });
  return ({ skip }) => stage ?? skip(noBrowser);
}

/** The built page and a browser; `undefined` where there is none. */
async function setStage(): Promise<Stage | undefined> {
  const browser = await startChromium();
  if (browser === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'orrery-page-'));
  await buildPage(folder);
  mkdirSync(dirname(pagePath), { recursive: true });
  const draft = `${pagePath}.${process.pid}-${folder.slice(-6)}.tmp`;
  copyFileSync(join(folder, 'index.html'), draft);
  renameSync(draft, pagePath);
  return { browser, folder, url: pathToFileURL(join(folder, 'index.html')).href };
}

/** Leaves nothing behind but pictures. */
async function clearStage(stage: Stage | undefined): Promise<void> {
  await stage?.browser.close();
  if (stage !== undefined) rmSync(stage.folder, { force: true, recursive: true });
}

/** A page that keeps what goes wrong on it. */
export interface Watched {
  readonly page: Page;
  readonly problems: readonly string[];
}

/** Opens the page in a window of its own. */
export async function openPage({ browser, url }: Stage, hash = ''): Promise<Watched> {
  const page = await browser.newPage({ viewport: { height: 720, width: 1280 } });
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    const [asked = ''] = request.url().split('#');
    if (asked !== url && !/^(?:data|blob):/.test(asked)) problems.push(`it asked for ${asked}`);
  });
  await page.goto(`${url}${hash}`);
  return { page, problems };
}

/** Keeps a picture of what is seen, for people. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** The pictures that are kept. */
export function picturesKept(): readonly string[] {
  return readdirSync(pictures).filter((name) => name.endsWith('.png'));
}
