import { liesIn, reproducible, simulated } from './rule.ts';
import type { Rule } from './rule.ts';
import { lineAt } from './source.ts';
import type { Source } from './source.ts';

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
}

/** What sees a clock, a die, a locale, a collector or another system in the same process. */
const ambient: readonly Ban[] = [
  {
    pattern: /\bMath\s*\.\s*random\b/g,
    instead: 'draw from a seeded generator, or make it a choice',
  },
  {
    pattern: /\bMath\s*\.\s*(?:a?(?:sin|cos|tan)h?|atan2|exp|expm1|log\w*|pow|cbrt|hypot)\b/g,
    instead: 'engines round it differently; use the portable functions of src/core',
  },
  {
    // Powers of two and of big integers are exact everywhere.
    pattern: /(?<!\b2\s*)(?<!\dn\s*)\*\*(?!\s*\d+n)/g,
    instead: 'engines round powers differently; use the portable functions of src/core',
  },
  {
    pattern: /\bMath\b(?!\s*\.)/g,
    instead: 'name each function of Math where it is used, so that it can be checked',
  },
  { pattern: /(?<!instanceof\s+)\bDate\b/g, instead: 'time is virtual; take it from the kernel' },
  { pattern: /\bperformance\s*\./g, instead: 'time is virtual; take it from the kernel' },
  {
    pattern: /(?<!\.)\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g,
    instead: 'a delay is an effect of a machine and a choice of the world',
  },
  {
    pattern: /(?<!\.)\bcrypto\s*\./g,
    instead: "every id is its maker's id and the maker's own counter",
  },
  {
    pattern: /\b(?:localeCompare|toLocale\w+|Intl)\b/g,
    instead: 'it depends on the locale of the process; compare with < and >',
  },
  {
    pattern: /\b(?:WeakRef|FinalizationRegistry)\b/g,
    instead: 'when garbage is collected must not be seen',
  },
  { pattern: /\bglobalThis\b/g, instead: 'two systems in one process must not notice each other' },
  {
    pattern: /(?<!\.)\bprocess\s*\.\s*[a-z]/g,
    instead: 'take it as an option; the way in reads the process',
  },
  { pattern: /(?<!\.)\bconsole\s*\./g, instead: 'return data; the way in prints it' },
];

/** What lets the engine decide when something runs. Formatted code has a blank after the keyword. */
const asynchronous: readonly Ban[] = [
  {
    pattern: /(?<!instanceof\s+)\bPromise(?:Like)?\b|(?<![.\w])async\s+[\w$[#*(<]/g,
    instead: 'what is simulated is synchronous; a machine sends a message and waits in a state',
  },
  {
    pattern: /(?<![.\w])await\s+[\w$[({]/g,
    instead: 'what is simulated is synchronous; user code yields to what it waits for',
  },
];

export const banRules: readonly Rule[] = [
  {
    claim: 'nothing that must be reproducible sees a clock, a die or the process',
    check: (source) =>
      liesIn(source.path, reproducible) ? ambient.flatMap((ban) => findings(source, ban)) : [],
  },
  {
    claim: 'nothing that is simulated is asynchronous',
    check: (source) =>
      liesIn(source.path, simulated) ? asynchronous.flatMap((ban) => findings(source, ban)) : [],
  },
];

function findings({ path, text, code }: Source, { pattern, instead }: Ban): readonly string[] {
  return [...code.matchAll(pattern)].map((found) => {
    const line = lineAt(text, found.index);
    return `${path}:${line} has "${found[0].trim()}": ${instead}.`;
  });
}
