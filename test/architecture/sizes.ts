import { liesIn } from './rule.ts';
import type { Rule } from './rule.ts';
import { lineAt } from './source.ts';
import type { Source } from './source.ts';

const fileLinesMax = 300;
const functionLinesMax = 70;

export const sizeRules: readonly Rule[] = [
  { claim: `no file is longer than ${fileLinesMax} lines`, check: fitsFile },
  { claim: `no function is longer than ${functionLinesMax} lines`, check: fitsFunctions },
];

function fitsFile({ path, text }: Source): readonly string[] {
  const lines = text.trimEnd().split('\n').length;
  return lines > fileLinesMax
    ? [`${path} has ${lines} lines, but ${fileLinesMax} are the limit: it has more than one idea.`]
    : [];
}

function fitsFunctions({ path, code }: Source): readonly string[] {
  return bodiesIn(code).flatMap(({ name, start, open }) => {
    // A suite is a long arrow function by nature.
    if (name === '=>' && liesIn(path, ['test', 'bench'])) {
      return [];
    }
    const line = lineAt(code, start);
    const lines = lineAt(code, closing(code, open)) - line + 1;
    return lines > functionLinesMax
      ? [
          `${path}:${line} has a function of ${lines} lines (${name}), but ${functionLinesMax} are ` +
            'the limit: keep its control flow, move pure fragments into helpers.',
        ]
      : [];
  });
}

interface Body {
  readonly name: string;
  readonly start: number;
  /** Where its opening brace stands. */
  readonly open: number;
}

function bodiesIn(code: string): readonly Body[] {
  return [...code.matchAll(/\bfunction\b\s*\*?\s*(?<name>[\w$]*)|=>\s*\{/g)].flatMap((found) => {
    const end = found.index + found[0].length;
    const name = found.groups?.['name'];
    if (name === undefined) {
      return [{ name: '=>', start: found.index, open: end - 1 }];
    }
    const open = bodyAfter(code, end);
    return open === undefined ? [] : [{ name: name || 'function', start: found.index, open }];
  });
}

/** Where the body opens of a function whose parameters begin after `from`; none if it is an overload. */
function bodyAfter(code: string, from: number): number | undefined {
  let at = from;
  while (at < code.length) {
    const sign = code[at];
    if (sign === ';') {
      return undefined;
    }
    if (sign === '{' && endsType(code.slice(from, at))) {
      return at;
    }
    at = sign === '{' || sign === '(' || sign === '[' ? closing(code, at) + 1 : at + 1;
  }
  return undefined;
}

/** A brace opens the body unless a type is still wanted: `: {`, `| {`, `Promise<{`, `=> {`. */
function endsType(before: string): boolean {
  return !/(?:[:|&<,?=]|=>|\b(?:is|readonly|extends|keyof))\s*$/.test(before);
}

/** Where the bracket at `open` is closed. */
function closing(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    depth += '([{'.includes(code[at] ?? ' ') ? 1 : 0;
    depth -= ')]}'.includes(code[at] ?? ' ') ? 1 : 0;
    if (depth === 0) {
      return at;
    }
  }
  return code.length;
}
