import { plantedBugs } from '../examples/protocols/planted-bugs.ts';
import type { PlantedBug } from '../examples/protocols/planted-bugs.ts';
import { check, defineSystem } from '../src/index.ts';
import type { CheckOptions, Report } from '../src/index.ts';
import type { Section } from './section.ts';

const schedulesMax = 8_000;

/** PCT as it comes, and where that finds nothing, betting on longer orders in shorter runs. */
const bets: readonly CheckOptions[] = [
  { bugDepth: 3, stepsMax: 100 },
  { bugDepth: 8, stepsMax: 40 },
];

/** How each planted mistake is found: by search, by random walks, by PCT. */
export function plantedMistakes(): Section {
  return {
    title: 'Planted mistakes',
    method:
      'Each mistake in the smallest system of its protocol that shows it. Worlds that a search breadth first ' +
      `looks at before it finds the mistake; of at most ${schedulesMax} schedules from the seed 1 the first that ` +
      'shows it, by random walks of up to 400 steps and by PCT (with the depth that it bets on); and the steps of ' +
      'the run that is left when the one that random walks found is made small.',
    header: ['protocol', 'mistake', 'breaks', 'worlds', 'random', 'PCT', 'steps'],
    rows: plantedBugs.map((planted) => {
      const { bug, protocol } = planted;
      const searched = look(planted, {
        // Breadth first this one takes five times as many worlds.
        strategy: bug === 'records-old-values' ? 'dfs' : 'exhaustive',
        shrink: false,
      });
      const random = look(planted, { shrink: true, stepsMax: 400, strategy: 'random' });
      const small = random.violations[0]?.run ?? searched.violations[0]?.run;
      return [
        protocol,
        bug,
        searched.violations[0]?.property ?? 'nothing',
        searched.states.toLocaleString('en-US'),
        firstOf(random),
        byPct(planted),
        small === undefined ? 'none' : `${small.steps.length - 1}`,
      ];
    }),
  };
}

function look({ definition }: PlantedBug, options: CheckOptions): Report {
  return check(defineSystem(definition), { schedules: schedulesMax, seed: 1, ...options });
}

function byPct(planted: PlantedBug): string {
  for (const bet of bets) {
    const report = look(planted, { ...bet, shrink: false, strategy: 'pct' });
    if (report.violations.length > 0) return `${firstOf(report)} (${bet.bugDepth})`;
  }
  return 'not found';
}

function firstOf({ schedules, violations }: Report): string {
  return violations.length === 0 ? 'not found' : schedules.toLocaleString('en-US');
}
