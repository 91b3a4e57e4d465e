import { source as axe } from 'axe-core';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

import { scenarios } from '../../../src/app/cli/scenarios.ts';
import { withTrace } from '../../../src/app/viewer/embedded.ts';
import { formatTrace, recordTrace, runSystem } from '../../../src/index.ts';
import { openPage, picture, picturesKept, useStage } from './browser.ts';

const staged = useStage();

const where = 'output.where';

function traceOf(name: string): string {
  const scenario = scenarios[name];
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const system = scenario.make(scenario.params);
  return formatTrace(recordTrace(system, runSystem(system), { params: scenario.params }));
}

test('opens from disk with the gallery, plays, steps back and jumps', async (context) => {
  const at = staged(context);
  const { page, problems } = await openPage(at);
  await picture(page, 'gallery');
  await page.click('.card:has-text("sharing-among-users")');
  await page.keyboard.press('n');
  await page.keyboard.press('n');
  expect(await page.textContent(where)).toMatch(/step 2 of 49/);
  await page.keyboard.press('ArrowLeft');
  expect(await page.textContent(where)).toMatch(/step 1 of 49/);
  await page.click('[aria-label="Play (space)"]');
  await page.waitForSelector(`${where} b:text("3")`);
  await page.click('[aria-label="Pause (space)"]');
  await page.keyboard.press('End');
  expect(await page.textContent(where)).toMatch(/step 49 of 49/);
  await picture(page, 'sharing');
  // A canvas draws black what it cannot read as a colour.
  const band = 'getComputedStyle(document.querySelector("canvas")).getPropertyValue("--band")';
  expect(await page.evaluate(band)).toMatch(/^rgb/);
  expect(problems).toEqual([]);
  await page.close();
});

test('another choice forks the run, undo keeps both, and the address has the very run', async (context) => {
  const at = staged(context);
  const { page, problems } = await openPage(at, '#scenario=sharing-among-users&at=14');
  await page.waitForSelector('.choice:not(.taken)');
  await page.click('.choice:not(.taken)');
  expect(await page.locator('.branches option').count()).toBe(2);
  const forked = page.url();
  await page.keyboard.press('u');
  expect(await page.textContent(where)).toMatch(/step 14 of/);
  await page.keyboard.press('r');
  expect(page.url()).toBe(forked);
  const other = await openPage(at, forked.slice(forked.indexOf('#')));
  expect(await other.page.textContent(where)).toBe(await page.textContent(where));
  expect([...problems, ...other.problems]).toEqual([]);
  await page.close();
  await other.page.close();
});

test('a message is lost by a click, and the violation is seen with its step', async (context) => {
  const at = staged(context);
  const { page, problems } = await openPage(at, '#scenario=sharing-by-owner&at=3');
  await page.click('.act.drop >> nth=0');
  expect(await page.textContent('.story, .choices, .things')).toBeTruthy();
  await page.click('role=tab[name="Story"]');
  expect(await page.textContent('.story .here')).toMatch(/drop/);
  const bug = '#scenario=two-phase-commit&p.bug="commits-without-all-votes"&at=0';
  const broken = await openPage(at, bug);
  await broken.page.click('role=tab[name=/Properties/]');
  await broken.page.click('text=try to break it >> nth=0');
  await broken.page.waitForSelector('.properties .broken');
  await broken.page.keyboard.press('Home');
  await broken.page.click('.properties .broken .act');
  expect(Number(await broken.page.textContent(`${where} b`))).toBeGreaterThan(0);
  await broken.page.waitForSelector('.beside');
  const fate = await broken.page.textContent('.fate');
  expect(fate).toMatch(/From step \d+ on every continuation breaks “consistent”/);
  expect(fate).toMatch(/All that can come was counted: \d+ worlds/);
  await picture(broken.page, 'violation');
  await broken.page.click('text=walk along it');
  await broken.page.waitForSelector('.branches option:has-text("what would have passed")', {
    state: 'attached',
  });
  expect(await broken.page.textContent('.properties')).toMatch(/consistent.*kept in this run/);
  expect([...problems, ...broken.problems]).toEqual([]);
  await page.close();
  await broken.page.close();
});

test('a trace file has the same hash here as in Node', async (context) => {
  const at = staged(context);
  const { page, problems } = await openPage(at);
  const text = traceOf('sharing-with-owner');
  const file = { buffer: Buffer.from(text), mimeType: 'application/json', name: 'a.trace.json' };
  await page.setInputFiles('#file', file);
  await page.waitForSelector(where);
  const [saved] = await Promise.all([page.waitForEvent('download'), page.click('text=Save trace')]);
  const again = readFileSync(await saved.path(), 'utf8');
  expect(again).toBe(text);
  expect(problems).toEqual([]);
  await page.close();
});

test('a broken or hostile trace runs nothing, and says what is wrong', async (context) => {
  const at = staged(context);
  const { page, problems } = await openPage(at);
  const evil = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>';
  const good = JSON.parse(traceOf('ping-pong'));
  const texts = [
    'no JSON at all',
    '{}',
    JSON.stringify({ ...good, system: { ...good.system, name: evil } }),
    JSON.stringify({ ...good, steps: 90_000_000 }),
    JSON.stringify({ ...good, system: { ...good.system, params: { [evil]: evil } } }),
    JSON.stringify({ ...good, hash: evil }),
  ];
  for (const text of texts) {
    const file = { buffer: Buffer.from(text), mimeType: 'application/json', name: `${evil}.json` };
    await page.setInputFiles('#file', file);
    await page.waitForSelector('.notice.error');
    expect((await page.textContent('.notice.error'))?.length).toBeGreaterThan(30);
    await page.click('.notice.error button');
  }
  const property = { kind: 'always', message: evil, name: evil };
  const named = JSON.stringify({ ...good, property });
  await page.setInputFiles('#file', {
    buffer: Buffer.from(named),
    mimeType: 'application/json',
    name: 'b.json',
  });
  await page.click('role=tab[name="Story"]');
  expect(await page.textContent('.verdict')).toContain(evil);
  await picture(page, 'hostile');
  expect(await page.evaluate('"hit" in window')).toBe(false);
  expect(problems).toEqual([]);
  await page.close();
});

test('a page with a trace inside opens it from disk, whatever the trace holds', async (context) => {
  const at = staged(context);
  const good = JSON.parse(traceOf('ping-pong'));
  const message = '</script><script>window.hit=1</script>';
  const trace = JSON.stringify({ ...good, property: { message, name: 'always' } });
  const path = join(at.folder, 'export.html');
  writeFileSync(path, withTrace(readFileSync(join(at.folder, 'index.html'), 'utf8'), trace));
  const { page, problems } = await openPage({ ...at, url: pathToFileURL(path).href });
  expect(await page.textContent('.bar .title b')).toBe('ping-pong');
  await page.click('role=tab[name="Story"]');
  expect(await page.textContent('.verdict')).toContain(message);
  expect(await page.evaluate('"hit" in window')).toBe(false);
  expect(problems).toEqual([]);
  await page.close();
});

test('another theme draws the diagram anew, and threads get lanes of their own', async (context) => {
  const at = staged(context);
  const { page, problems } = await openPage(at, '#scenario=sharing-among-users&at=14');
  const drawn = 'document.querySelector("canvas").toDataURL()';
  await page.waitForSelector('canvas[data-theme="light"]');
  const light = await page.evaluate(drawn);
  await page.keyboard.press('t');
  await page.waitForSelector('canvas[data-theme="dark"]');
  expect((await page.evaluate(drawn)) === light).toBe(false);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.click('[aria-label="Dark or light"]');
  await page.waitForSelector('canvas[data-theme="light"]');
  expect((await page.evaluate(drawn)) === light).toBe(true);
  await page.click('.head:has-text("worker0") .unfold');
  expect(await page.locator('.head').allTextContents()).toContain('main');
  await picture(page, 'threads');
  await page.setViewportSize({ height: 720, width: 800 });
  await picture(page, 'narrow');
  expect(problems).toEqual([]);
  await page.close();
});

test('shows the line at which user code waits', async (context) => {
  const at = staged(context);
  const { page, problems } = await openPage(at, '#scenario=sharing-among-users&at=8');
  await page.click('role=tab[name="Code"]');
  const waiting = page.locator('.thread:has-text("worker0/main")');
  const [, file = '', line = ''] =
    /^(\S+), line (\d+)$/.exec((await waiting.locator('figcaption').textContent()) ?? '') ?? [];
  expect(file).toBe('examples/tutorials/sharing.ts');
  const written = readFileSync(file, 'utf8').split('\n')[Number(line) - 1];
  expect(written).toMatch(/yield\* /);
  expect(await waiting.locator('.now').textContent()).toBe(`${line}${written}\n`);
  expect(problems).toEqual([]);
  await page.close();
});

test('shows the picture that an author supplies, step by step', async (context) => {
  const at = staged(context);
  const { page, problems } = await openPage(at, '#scenario=two-phase-commit&at=0');
  await page.click('role=tab[name="Picture"]');
  const first = await page.textContent('.picture');
  expect(first).toMatch(/^tmcollectingrm1working/);
  await page.keyboard.press('End');
  await page.waitForSelector('.picture:has-text("aborted"), .picture:has-text("committed")');
  await picture(page, 'picture');
  expect(problems).toEqual([]);
  await page.close();
});

test('each panel has a picture, a name for all that can be pressed, and enough contrast', async (context) => {
  const at = staged(context);
  const { page, problems } = await openPage(at, '#scenario=two-gradients&at=60');
  await page.waitForSelector(where);
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme === 'dark' ? 'dark' : 'light' });
    for (const tab of ['Next', 'Story', 'Actor', 'Code', 'RRefs', 'Autograd', 'Properties']) {
      await page.click(`role=tab[name=/^${tab}/]`);
      await picture(page, `${tab.toLowerCase()}-${theme}`);
    }
    await page.click('role=tab[name="Next"]');
    await page.evaluate(axe);
    const found = await page.evaluate(
      'axe.run({ runOnly: ["wcag2a", "wcag2aa"] }).then(({ violations }) => violations.map(' +
        '({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`))',
    );
    expect(found).toEqual([]);
  }
  expect(picturesKept().length).toBeGreaterThanOrEqual(14);
  expect(problems).toEqual([]);
  await page.close();
});
