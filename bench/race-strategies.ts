/** Strategies against one another, over what was measured of the exhibits of the museum. */
import { writeFileSync } from 'node:fs';

import { museum } from '../examples/races/museum.ts';
import { racingStrategies } from '../src/app/cli/races/finding.ts';
import type { RacingStrategy, ScheduleCounts } from '../src/app/cli/races/finding.ts';
import { recordedOf } from '../src/app/cli/races/record.ts';
import { createRandom } from '../src/core/random.ts';
import type { Random } from '../src/core/random.ts';
import { formatRows } from './section.ts';

// A campaign that found nothing counts as one that found it at its end.
const schedulesMax = 10_000;
const resamples = 2_000;

/** Writes `docs/races/strategies.md` from what was measured. */
export function writeStrategies(): void {
  const measured = museum.flatMap((exhibit) => recordedOf(exhibit)?.schedules ?? []);
  const text = [
    '# Strategies, over the museum of races',
    '',
    `Schedules until the bug shows, over ${measured.length} exhibits with 20 campaigns of each strategy; a campaign ` +
      `that found nothing in ${schedulesMax} schedules counts as so many. The median is over ` +
      'exhibits, of the median over campaigns. The ratio is of mean logarithms to those of the ' +
      'random walk, as a factor, averaged over exhibits: below 1 is sooner than random. In brackets are 95 % ' +
      `intervals of a bootstrap (${resamples} resamples of exhibits, and of campaigns within each). ` +
      'Written by `npm run evidence:races -- page`.',
    '',
    formatRows(
      ['strategy', 'median', 'ratio to random', 'always found', 'first or level'],
      racingStrategies.map((strategy) => rowOf(measured, strategy)),
    ),
    '',
    verdictOn(measured),
  ].join('\n');
  writeFileSync(new URL('../docs/races/strategies.md', import.meta.url), `${text.trimEnd()}\n`);
}

type Measured = readonly ScheduleCounts[];

function rowOf(measured: Measured, strategy: RacingStrategy): readonly string[] {
  const always = measured.filter((counts) => !counts[strategy].includes(null)).length;
  const level = measured.filter((counts) => {
    const medians = racingStrategies.map((each) => median(valuesOf(counts[each])));
    return median(valuesOf(counts[strategy])) <= Math.min(...medians);
  }).length;
  const plain = plainFigures(measured, strategy);
  const drawn = bootstrap(measured, strategy);
  const interval = (key: keyof Figures, digits: number): string => {
    const sorted = drawn.map((figures) => figures[key]).toSorted((one, other) => one - other);
    const at = (share: number): string =>
      (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(digits);
    return `${plain[key].toFixed(digits)} (${at(0.025)}–${at(0.975)})`;
  };
  const ratio = strategy === 'random' ? '1' : interval('ratio', 2);
  return [strategy, interval('median', 1), ratio, `${always} of ${measured.length}`, `${level}`];
}

function verdictOn(measured: Measured): string {
  const sooner = racingStrategies.filter((strategy) => {
    const ratios = bootstrap(measured, strategy)
      .map(({ ratio }) => ratio)
      .toSorted((one, other) => one - other);
    return strategy !== 'random' && (ratios[Math.floor(0.975 * (ratios.length - 1))] ?? 1) < 1;
  });
  return sooner.length === 0
    ? 'No strategy is sooner than the plain random walk by more than the interval: it is the default of sampling, ' +
        'and makes the most runs in a second (over numbered worlds). What the others are for: PCT says how probable it ' +
        'is to find a bug of some depth, POS is sooner in twostage_20 of docs/strategies.md, where many actors seldom ' +
        'meet, and coverage goes where worlds are new.'
    : `Sooner than the plain random walk by more than the interval: ${sooner.join(', ')}.`;
}

interface Figures {
  readonly median: number;
  readonly ratio: number;
}

function plainFigures(measured: Measured, strategy: RacingStrategy): Figures {
  return figuresOf(
    measured.map((counts) => ({
      own: valuesOf(counts[strategy]),
      random: valuesOf(counts.random),
    })),
  );
}

/** Figures of exhibits drawn with replacement, each with campaigns drawn with replacement. */
function bootstrap(measured: Measured, strategy: RacingStrategy): readonly Figures[] {
  const random = createRandom(1);
  return Array.from({ length: resamples }, () =>
    figuresOf(
      measured.map(() => {
        const counts = pick(measured, random);
        const own = valuesOf(counts[strategy]);
        const plain = valuesOf(counts.random);
        return {
          own: own.map(() => pick(own, random)),
          random: plain.map(() => pick(plain, random)),
        };
      }),
    ),
  );
}

interface Pair {
  readonly own: readonly number[];
  readonly random: readonly number[];
}

function figuresOf(pairs: readonly Pair[]): Figures {
  const logs = pairs.map(({ own, random }) => meanLog(own) - meanLog(random));
  return {
    median: median(pairs.map(({ own }) => median(own))),
    ratio: Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length),
  };
}

function meanLog(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + Math.log(value), 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

function valuesOf(counts: readonly (number | null)[]): readonly number[] {
  return counts.map((count) => count ?? schedulesMax);
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error('There is nothing to draw from.');
  return item;
}
