/** How fast the page is in a real browser: when it is first painted, loads a long trace, and how it scrolls. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';

import { scenarios } from '../src/app/cli/scenarios.ts';
import { buildPage } from '../src/app/viewer/build/build.ts';
import { formatTrace, recordTrace, runSystem } from '../src/index.ts';
import { median } from './alternate.ts';
import { startChromium } from './chromium.ts';

/** What was measured, as lines of a table: what, the figure, the bar. */
export async function pageSpeed(): Promise<readonly (readonly string[])[]> {
  const browser = await startChromium();
  if (browser === undefined) {
    throw new Error('There is no Chromium: say where it is in CHROMIUM_PATH.');
  }
  const folder = mkdtempSync(join(tmpdir(), 'orrery-page-'));
  try {
    const { layout, script, style } = await buildPage(folder);
    const stage = { browser, folder, url: pathToFileURL(join(folder, 'index.html')).href };
    return [
      ['script, gzipped', kilobytes(script), 'under 300 kB'],
      ['layout library and style, gzipped', kilobytes(layout + style), ''],
      ['first paint of the gallery', await firstPaint(stage), 'under 1 s'],
      ...(await longTrace(stage, 'ping-pong', { hits: 9_999 })),
      ...(await longTrace(stage, 'reinforcement-learning', {})),
    ];
  } finally {
    await browser.close();
    rmSync(folder, { force: true, recursive: true });
  }
}

function kilobytes(text: string): string {
  return `${Math.round(gzipSync(text).length / 1000)} kB`;
}

interface Stage {
  readonly browser: Browser;
  readonly folder: string;
  readonly url: string;
}

const loads = 7;
const steps = 10_000;
const viewport = { height: 720, width: 1280 };

/** The median of some loads, each in a window of its own. */
async function firstPaint({ browser, url }: Stage): Promise<string> {
  const times: number[] = [];
  for (let load = 0; load < loads; load += 1) {
    const page = await browser.newPage({ viewport });
    await page.goto(url);
    await page.waitForSelector('.card');
    // The words of the gallery, not those that stand there before the script has run.
    times.push(await page.evaluate<number>(painted));
    await page.close();
  }
  return `${Math.round(median(times))} ms`;
}

const painted = `new Promise((resolve) => {
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
})`;

/** A trace of so many steps: loaded from a file, and scrolled from its start for some seconds. */
async function longTrace(
  { browser, folder, url }: Stage,
  ...[name, params]: readonly [string, Readonly<Record<string, number>>]
): Promise<readonly (readonly string[])[]> {
  const path = join(folder, `${name}.trace.json`);
  writeFileSync(path, traceOf(name, params));
  const page = await browser.newPage({ viewport });
  await page.goto(url);
  await page.waitForSelector('.card');
  const begun = performance.now();
  await page.setInputFiles('#file', path);
  await page.waitForSelector('output.where');
  await page.evaluate(painted);
  const loaded = performance.now() - begun;
  const scrolled = await page.evaluate<Scrolled>(scrolling);
  const played = await stepped(page);
  await page.close();
  const of = `${name}, ${steps.toLocaleString('en-US')} steps`;
  return [
    [`${of}: loaded from a file`, `${(loaded / 1000).toFixed(1)} s`, ''],
    [`${of}: scrolled`, `${Math.round(scrolled.rate)} frames/s`, 'at least 50'],
    [`${of}: 95 of 100 frames within`, `${Math.round(scrolled.slow)} ms`, ''],
    [`${of}: one step on`, `${Math.round(played)} ms`, ''],
  ];
}

function traceOf(name: string, given: Readonly<Record<string, number>>): string {
  const scenario = scenarios[name];
  if (scenario === undefined) throw new Error(`There is no scenario "${name}".`);
  const params = { ...scenario.params, ...given };
  const system = scenario.make(params);
  return formatTrace(recordTrace(system, runSystem(system, { stepsMax: steps }), { params }));
}

interface Scrolled {
  readonly rate: number;
  readonly slow: number;
}

/** Five seconds in which each frame scrolls further, at all speeds from a line to whole screens. */
const scrolling = `new Promise((resolve) => {
  const box = document.querySelector('.scroller');
  const times = [];
  const begun = performance.now();
  const turn = (now) => {
    times.push(now);
    const speed = [12, 60, 240, 900][Math.floor((now - begun) / 1250)] ?? 0;
    box.scrollTop = (box.scrollTop + speed) % (box.scrollHeight - box.clientHeight);
    if (now - begun < 5000) requestAnimationFrame(turn);
    else {
      const gaps = times.slice(1).map((time, index) => time - times[index]).sort((a, b) => a - b);
      const rate = (1000 * gaps.length) / (times.at(-1) - times[0]);
      resolve({ rate, slow: gaps[Math.floor(gaps.length * 0.95)] });
    }
  };
  requestAnimationFrame(turn);
})`;

/** Milliseconds from a key to the picture of the next step, the median of some. */
async function stepped(page: Page): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < loads; turn += 1) {
    times.push(
      await page.evaluate<number>(`new Promise((resolve) => {
        const begun = performance.now();
        window.dispatchEvent(new KeyboardEvent('keydown', { key: 'n' }));
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
      })`),
    );
  }
  return median(times);
}
