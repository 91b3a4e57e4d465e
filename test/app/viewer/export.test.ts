import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

import { withModule, withTrace } from '../../../src/app/viewer/embedded.ts';
import { cli } from '../cli.ts';
import { openPage, picture, useStage } from './browser.ts';

const staged = useStage();

const where = 'output.where';

test('a run is written as one page, and opened from disk', async (context) => {
  const at = staged(context);
  const trace = join(at.folder, 'sharing.trace.json');
  const html = join(at.folder, 'sharing.html');
  await cli('run', 'sharing-by-owner', '--seed', '4', '--out', trace);
  const shown = await cli('show', trace, '--format', 'html', '--out', html);
  expect(shown).toMatchObject({ code: 0, err: '' });
  const { page, problems } = await openPage({ ...at, url: pathToFileURL(html).href });
  expect(await page.textContent('.bar .title b')).toBe('sharing-by-owner');
  await page.keyboard.press('End');
  await picture(page, 'export');
  const [saved] = await Promise.all([page.waitForEvent('download'), page.click('text=Save trace')]);
  expect(readFileSync(await saved.path(), 'utf8')).toBe(readFileSync(trace, 'utf8'));
  expect(problems).toEqual([]);
  await page.close();
});

test('the page saves itself with the run inside, and again from there', async (context) => {
  const at = staged(context);
  const hash = '#scenario=sharing-among-users&at=8';
  const first = await openPage(at, hash);
  await first.page.keyboard.press('t');
  await first.page.click('role=tab[name="RRefs"]');
  const html = join(at.folder, 'saved.html');
  const [saved] = await Promise.all([
    first.page.waitForEvent('download'),
    first.page.click('text=Save page'),
  ]);
  await saved.saveAs(html);
  const { page, problems } = await openPage({ ...at, url: pathToFileURL(html).href });
  const title = '.bar .title b';
  expect(await page.textContent(title)).toBe('sharing-among-users');
  expect(await page.textContent(where)).toMatch(/step 0 of 49/);
  // Its script stands on the same lines, so that sources are found.
  await page.fill('#position', '8');
  await page.click('role=tab[name="Code"]');
  expect(await page.textContent('.source .now')).toMatch(/yield\*/);
  const [again] = await Promise.all([page.waitForEvent('download'), page.click('text=Save page')]);
  expect(readFileSync(await again.path(), 'utf8') === readFileSync(html, 'utf8')).toBe(true);
  expect([...first.problems, ...problems]).toEqual([]);
  await first.page.close();
  await page.close();
});

test('what stands in messages and in the code of a system never runs', async (context) => {
  const at = staged(context);
  const path = join(at.folder, 'hostile.ts');
  writeFileSync(path, hostile);
  const trace = join(at.folder, 'hostile.trace.json');
  const html = join(at.folder, 'hostile.html');
  await cli('run', path, '--out', trace);
  const shown = await cli('show', trace, '--module', path, '--format', 'html', '--out', html);
  expect(shown).toMatchObject({ code: 0, err: '' });
  const { page, problems } = await openPage({ ...at, url: pathToFileURL(html).href });
  await page.keyboard.press('End');
  for (const tab of ['Next', 'Story', 'Actor', 'Properties']) {
    await page.click(`role=tab[name=/^${tab}/]`);
    expect(await page.textContent('.panel')).toBeTruthy();
  }
  await page.click('role=tab[name="Story"]');
  expect(await page.textContent('.story')).toContain('<script>hit=1</script>');
  await page.fill('#filter', '<script>');
  await picture(page, 'hostile-payload');
  expect(await page.evaluate('"hit" in window')).toBe(false);
  expect(problems).toEqual([]);
  await page.close();
});

test('a system of one’s own is on the page that is written for its trace', async (context) => {
  const at = staged(context);
  const module = 'test/app/modules/counting.ts';
  const trace = join(at.folder, 'counting.trace.json');
  const html = join(at.folder, 'counting.html');
  await cli('run', module, '--param', 'clocks=3', '--seed', '1', '--out', trace);
  const shown = await cli('show', trace, '--module', module, '--format', 'html', '--out', html);
  expect(shown).toMatchObject({ code: 0, err: '' });
  const { page, problems } = await openPage({ ...at, url: pathToFileURL(html).href });
  await page.keyboard.press('End');
  expect(await page.textContent(where)).toMatch(/step 3 of 3/);
  expect(await page.locator('.head').allTextContents()).toEqual(['clock0', 'clock1', 'clock2']);
  await page.click('text=Gallery');
  await page.click('.gallery section:has-text("Yours") .card');
  expect(await page.locator('.head').allTextContents()).toEqual(['clock0', 'clock1']);
  expect(problems).toEqual([]);
  await page.close();
});

test('user code of one’s own is shown at its lines, and its remote calls by their types', async (context) => {
  const at = staged(context);
  const module = 'test/app/modules/unused-call.ts';
  const trace = join(at.folder, 'unused.trace.json');
  const html = join(at.folder, 'unused.html');
  await cli('run', module, '--out', trace);
  await cli('show', trace, '--module', module, '--format', 'html', '--out', html);
  const { page, problems } = await openPage({ ...at, url: pathToFileURL(html).href });
  await page.click('role=tab[name="Code"]');
  await page.keyboard.press('n');
  const caption = page.locator('.thread:has-text("worker0/main") figcaption');
  const [, line = ''] =
    /unused-call\.ts, line (\d+)$/.exec((await caption.first().textContent()) ?? '') ?? [];
  expect(readFileSync(module, 'utf8').split('\n')[Number(line) - 1]).toMatch(/yield\*/);
  await page.click('role=tab[name="Next"]');
  expect(await page.textContent('.panel')).toMatch(/PYTHON_|request\./);
  expect(problems).toEqual([]);
  await page.close();
});

test('open serves a trace file to this machine, until it is interrupted', async (context) => {
  const at = staged(context);
  const trace = join(at.folder, 'commit.trace.json');
  await cli('run', 'two-phase-commit', '--seed', '2', '--steps-max', '40', '--out', trace);
  const { end, url } = await served(trace);
  const { page, problems } = await openPage({ ...at, url });
  expect(await page.textContent('.bar .title b')).toBe('two-phase-commit');
  expect(problems).toEqual([]);
  await page.close();
  expect(await end()).toBe(0);
});

test('open shows a module with its parameters', async (context) => {
  const at = staged(context);
  const { end, url } = await served('test/app/modules/counting.ts', '--param', 'clocks=4');
  const [address = '', hash = ''] = url.split('#');
  const { page, problems } = await openPage({ ...at, url: address }, `#${hash}`);
  expect(await page.locator('.head').count()).toBe(4);
  expect(problems).toEqual([]);
  await page.close();
  await end();
});

test('what cannot be on the page is said before a browser opens', async () => {
  expect(await refusal('no-such-thing')).toMatch(/There is no scenario "no-such-thing"/);
  expect(await refusal('package.json')).toMatch(/This is JSON but no trace/);
  expect(await refusal('ping-pong', '--module', 'x.ts')).toMatch(/Only a trace needs --module/);
  expect(await refusal('ping-pong', '--param', 'hits=x')).toMatch(/"hits" is "x"/);
});

test('a module that needs Node is refused by name', async (context) => {
  const { folder } = staged(context);
  const path = join(folder, 'needs-node.ts');
  const text = readFileSync('test/app/modules/counting.ts', 'utf8').replace(
    '../../../src/index.ts',
    'orrery',
  );
  writeFileSync(path, `import { readFileSync } from 'node:fs';\nexport { readFileSync };\n${text}`);
  const { code, err } = await cli('open', '--no-browser', path);
  expect(code).toBe(2);
  expect(err).toMatch(/needs-node\.ts" cannot be loaded: .*it imports "node:fs", which only Node/);
});

test('a file that is not the page takes nothing along', () => {
  const module = { code: '', name: 'x', sha256: '', sources: () => noSources };
  expect(() => withTrace('<p>no page</p>', '{}')).toThrow(/is not Orrery's page/);
  expect(() => withModule('<body></body>', module)).toThrow(/a policy for its scripts/);
});

/** A system whose messages, states and properties are markup. */
const hostile = `import { sendTo, setup } from 'xstate';
import { always, defineSystem } from 'orrery';
const evil = '<img src=x onerror="hit=1"></script><script>hit=1</script><!--';
const b = setup({}).createMachine({
  context: { word: '' },
  initial: evil,
  on: { '*': '.' + evil },
  states: { [evil]: {} },
});
const a = setup({}).createMachine({
  entry: sendTo(({ system }) => system.get('b'), { type: evil, word: evil }),
});
export default defineSystem({
  actors: [{ address: 'a', machine: a }, { address: 'b', machine: b }],
  name: evil,
  properties: [always(evil, () => false)],
});`;

const noSources = { files: [], spots: [] };

/** What `orrery open` says against it. */
async function refusal(...argv: readonly string[]): Promise<string> {
  return (await cli('open', '--no-browser', ...argv)).err;
}

/** `orrery open` in a process of its own, once it says where the page is. */
async function served(
  ...argv: readonly string[]
): Promise<{ readonly end: () => Promise<number | null>; readonly url: string }> {
  expect(argv[0] !== undefined && existsSync(argv[0])).toBe(true);
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'src/app/cli/main.ts', 'open', '--no-browser', ...argv],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', resolve);
  });
  let out = '';
  for await (const part of child.stdout) {
    out += String(part);
    const url = /The page is at (\S+)/.exec(out)?.[1];
    if (url !== undefined && out.includes('Ctrl-C')) {
      return {
        end: async () => {
          child.kill('SIGINT');
          return ended;
        },
        url,
      };
    }
  }
  throw new Error(`it said only: ${out}`);
}
