/** A real browser for tests of the page; where there is none, they say so and how to get it. */
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

import { buildPage } from '../../../src/app/viewer/build/build.ts';

/** Why tests of the page are left out. */
export const noBrowser =
  'there is no Chromium: install it ("apt-get install chromium"), or say where it is in CHROMIUM_PATH';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A browser and the page that it opens. */
export interface Stage {
  readonly browser: Browser;
  /** The folder of the page, and where its pictures go. */
  readonly folder: string;
  readonly url: string;
}

/** The built page and a browser; `undefined` where there is none. */
export async function setStage(): Promise<Stage | undefined> {
  const executablePath = [process.env['CHROMIUM_PATH'] ?? '', ...places].find(existsSync);
  if (executablePath === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'orrery-page-'));
  await buildPage(folder);
  const browser = await chromium.launch({
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    executablePath,
  });
  return { browser, folder, url: pathToFileURL(join(folder, 'index.html')).href };
}

/** A page that keeps what goes wrong on it. */
export interface Watched {
  readonly page: Page;
  readonly problems: readonly string[];
}

/** Opens the page in a window of its own. */
export async function openPage({ browser, url }: Stage, hash = ''): Promise<Watched> {
  const page = await browser.newPage({ viewport: { height: 720, width: 1280 } });
  page.setDefaultTimeout(10_000);
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    if (!/^(?:file|data|blob):/.test(request.url())) problems.push(`it asked for ${request.url()}`);
  });
  await page.goto(`${url}${hash}`);
  return { page, problems };
}

/** Keeps a picture of what is seen, for people. */
export async function picture({ folder }: Stage, page: Page, name: string): Promise<void> {
  const kept = process.env['ORRERY_PICTURES'] ?? folder;
  await page.screenshot({ path: join(kept, `${name}.png`) });
}

/** The pictures that were taken. */
export function picturesOf({ folder }: Stage): readonly string[] {
  return readdirSync(process.env['ORRERY_PICTURES'] ?? folder).filter((name) =>
    name.endsWith('.png'),
  );
}
