/** The summary as a page: one file that needs nothing else, in which nothing runs. */
import { lineY, plot, ruleY } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

import { escapeMarkup } from '../../../trace/exports/markup.ts';
import { amount, many } from '../terminal/words.ts';
import type { Point } from './curve.ts';
import { isBad, titleOf } from './summary.ts';
import type { ScenarioSummary, Summary } from './summary.ts';

/** The text of the page. */
export function htmlOf(summary: Summary): string {
  const { campaign, complete, curve, elapsedMs, scenarios, schedules, seed, worlds } = summary;
  const broken = scenarios.filter(({ failures }) => failures.length > 0).length;
  const seconds = (elapsedMs / 1_000).toFixed(1);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><title>Orrery campaign</title>',
    `<style>${style}</style></head><body>`,
    `<h1>Campaign ${escapeMarkup(campaign)}</h1>`,
    `<p>${many(schedules, 'schedule')} of ${many(scenarios.length, 'scenario')} in ${seconds} s from seed ${seed}${
      complete ? '' : ', and more to come'
    }; about ${amount(worlds)} worlds. ${broken === 0 ? 'Nothing is broken.' : `${many(broken, 'scenario')} broken.`}</p>`,
    '<h2>Worlds seen, by schedules</h2>',
    curveOf(curve),
    ...scenarios.map(sectionOf),
    '</body></html>\n',
  ].join('\n');
}

const style =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}' +
  'table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2rem .6rem;text-align:left}' +
  'pre{background:#f6f6f6;padding:.8rem;overflow:auto;font-size:12px}.broken{color:#b00020;font-weight:600}' +
  '@media(prefers-color-scheme:dark){body{background:#111;color:#eee}pre{background:#222}.broken{color:#ff8a80}}';

function curveOf(points: readonly Point[]): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const figure = plot({
    document,
    marks: [ruleY([0]), lineY([...points], { x: 'schedules', y: 'worlds' })],
    x: { label: 'schedules' },
    y: { grid: true, label: 'worlds' },
  });
  return figure.outerHTML;
}

function sectionOf(scenario: ScenarioSummary): string {
  const { failures, mistake, notes, properties, schedules, steps, worlds } = scenario;
  const rows = properties.map((property) => {
    const { broken, name, verdict } = property;
    const by = broken > 0 ? ` by ${many(broken, 'schedule')}` : '';
    const mark = isBad(property) ? ' class="broken"' : '';
    return `<tr><td>${escapeMarkup(name)}</td><td${mark}>${verdict}${by}</td></tr>`;
  });
  return [
    `<h2>${escapeMarkup(titleOf(scenario))}</h2>`,
    `<p>${many(schedules, 'schedule')}, ${many(steps, 'step')}, about ${amount(worlds)} worlds.</p>`,
    ...(mistake === undefined ? [] : [`<p class="broken">${escapeMarkup(mistake.message)}</p>`]),
    `<table><tr><th>property</th><th>verdict</th></tr>${rows.join('')}</table>`,
    ...failures.map(
      ({ lines, manner, property, schedule, trace }) =>
        `<details><summary class="broken">${escapeMarkup(property)} (schedule ${schedule} of ${escapeMarkup(manner)})</summary>` +
        `<pre>${escapeMarkup(lines.join('\n'))}</pre><p>trace: ${escapeMarkup(trace ?? 'none')}</p></details>`,
    ),
    ...notes.map((note) => `<p>${escapeMarkup(note)}</p>`),
  ].join('\n');
}
