import { writeFileSync } from 'node:fs';

import { museum } from '../examples/races/museum.ts';
import { medianOf } from '../src/app/cli/races/finding.ts';
import { racesHeader, racesLegend, racesRow } from '../src/app/cli/races/races-table.ts';
import { recordedOf } from '../src/app/cli/races/record.ts';
import { formatRows } from './section.ts';

/** Writes `docs/races.md` from what was measured. */
export function writePage(): void {
  const shown = museum.flatMap((exhibit) => {
    const finding = recordedOf(exhibit);
    return finding === undefined ? [] : [{ exhibit, finding }];
  });
  const measured = new Set(shown.map(({ exhibit }) => exhibit.id));
  const missing = museum.filter(({ id }) => !measured.has(id)).map(({ id }) => `\`${id}\``);
  const commits = [...new Set(shown.map(({ finding }) => finding.commit))];
  const complete = shown.filter(
    ({ finding: { fixed } }) => fixed.complete && fixed.broken === null,
  );
  const departures = medianOf(shown.map(({ finding }) => finding.departures));
  const text = [
    '# The museum of races',
    '',
    'Real bugs of PyTorch and of other systems, each behind a switch or a variant, in the smallest system in ' +
      'which a property that does not know it finds it. `orrery races ID` finds one now, makes it small and ' +
      'tells its story; `orrery check races/ID switch=off` checks the same system without the bug. Written by ' +
      `\`npm run evidence:races\`, on ${commits.join(', ')}.`,
    '',
    `${shown.length} exhibits; without the bug everything holds in all worlds of ${complete.length}; the shrunk ` +
      `runs depart from FIFO ${departures ?? '—'} times in the median. ${racesLegend}.`,
    '',
    ...(missing.length === 0
      ? []
      : [`Not measured to the end, and so in no row: ${missing.join(', ')}.`, '']),
    'See also the [tours](races/tours.md), [what PyTorch itself prints](races/pytorch.md) and ' +
      '[how strategies compare](races/strategies.md). An exhibit has one bug, and its protocol is whole otherwise; ' +
      'runs of PyTorch 2.6 as it is, with all its bugs at once, lie in `examples/hazards`, and ' +
      '[the protocol](rpc.md) lists them.',
    '',
    formatRows(
      racesHeader,
      shown.map((one) => racesRow(one)),
    ),
    '',
    ...shown.flatMap(({ exhibit }) => storyOf(exhibit)),
  ].join('\n');
  writeFileSync(new URL('../docs/races.md', import.meta.url), `${text.trimEnd()}\n`);
}

function storyOf({
  advice,
  fix,
  happens,
  id,
  links,
  property,
  title,
  variant,
}: (typeof museum)[number]): readonly string[] {
  return [
    `## ${id}`,
    '',
    `${title}. Breaks ${property} with ${variant}.`,
    '',
    happens,
    '',
    `**Fix.** ${fix}`,
    '',
    ...(advice === undefined ? [] : [`**In your own program.** ${advice}`, '']),
    ...(links.length === 0 ? [] : [links.map((link) => `<${link}>`).join(' '), '']),
  ];
}
