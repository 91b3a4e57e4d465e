/**
 * The summary for continuous integration: a suite for each scenario, a case for each property.
 *
 * @see The schema that Jenkins' xUnit plug-in reads, `junit-10.xsd`.
 */
import { escapeMarkup } from '../../../trace/exports/markup.ts';
import { isBad, titleOf } from './summary.ts';
import type { ScenarioSummary, Summary } from './summary.ts';

/** The text of a JUnit file. */
export function junitOf({ elapsedMs, scenarios }: Summary): string {
  const suites = scenarios.map(suiteOf);
  const sum = (of: (suite: Suite) => number): number =>
    suites.reduce((total, suite) => total + of(suite), 0);
  const counts = attributes({
    errors: sum(({ errors }) => errors),
    failures: sum(({ failures }) => failures),
    name: 'orrery campaign',
    tests: sum(({ tests }) => tests),
    time: (elapsedMs / 1_000).toFixed(3),
  });
  const body = suites.map(({ text }) => text).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${counts}>\n${body}</testsuites>\n`;
}

interface Suite {
  readonly errors: number;
  readonly failures: number;
  readonly text: string;
  readonly tests: number;
}

function suiteOf(scenario: ScenarioSummary): Suite {
  const { failures, mistake, properties } = scenario;
  const title = titleOf(scenario);
  const cases = properties.map(({ broken, name: property, verdict }) => {
    const head = attributes({ classname: title, name: property });
    if (verdict === 'not tested') return `    <testcase${head}><skipped/></testcase>\n`;
    if (verdict === 'never reached') {
      const message = 'in none of all worlds';
      return `    <testcase${head}><failure${attributes({ message, type: 'property' })}/></testcase>\n`;
    }
    if (verdict !== 'broken') return `    <testcase${head}/>\n`;
    const stories = failures.filter((one) => one.property === property);
    const text = stories
      .map(({ lines, trace }) => [...lines, `trace: ${trace}`].join('\n'))
      .join('\n\n');
    const message = `broken by ${broken} of ${scenario.schedules} schedules`;
    return `    <testcase${head}><failure${attributes({ message, type: 'property' })}>${escaped(text)}</failure></testcase>\n`;
  });
  const errors =
    mistake === undefined
      ? []
      : [
          `    <testcase${attributes({ classname: title, name: 'runs' })}><error${attributes({ message: mistake.message, type: mistake.code })}/></testcase>\n`,
        ];
  const tests = cases.length + errors.length;
  const failed = properties.filter(isBad).length;
  const skipped = properties.filter(({ verdict }) => verdict === 'not tested').length;
  const head = attributes({ errors: errors.length, failures: failed, name: title, skipped, tests });
  return {
    errors: errors.length,
    failures: failed,
    tests,
    text: `  <testsuite${head}>\n${[...errors, ...cases].join('')}  </testsuite>\n`,
  };
}

function attributes(values: Readonly<Record<string, number | string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');
}

/** XML has no way to write most control characters. */
function escaped(text: string): string {
  return escapeMarkup(Array.from(text, (sign) => (isWritable(sign) ? sign : '\uFFFD')).join(''));
}

/** @see Extensible Markup Language 1.0, fifth edition, production 2 (Char). */
function isWritable(sign: string): boolean {
  const code = sign.codePointAt(0) ?? 0;
  if (code < 0x20) return sign === '\t' || sign === '\n' || sign === '\r';
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || code > 0xffff;
}
