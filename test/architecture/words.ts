import { liesIn } from './rule.ts';
import type { Rule } from './rule.ts';
import { lineAt } from './source.ts';
import type { Source } from './source.ts';

const product = ['src', 'machines', 'actors', 'examples'];

/** Where casts live: names become brands, and XState's actions are read by their shape. */
const castHouses = ['src/core/brand.ts', 'src/runtime/machine.ts'];

/** Rules about what must be said: the reason of a cast, of a case left out, the purpose of an export. */
export const wordRules: readonly Rule[] = [
  { claim: 'a cast gives its reason', check: reasonsCasts },
  { claim: 'every export of src says what it is', check: documentsExports },
  { claim: 'a switch names every case or says why not', check: namesCases },
  { claim: 'words about a file stand above its imports', check: beginsWithWords },
];

function reasonsCasts(source: Source): readonly string[] {
  const { path, code } = source;
  if (!liesIn(path, product) || liesIn(path, castHouses)) {
    return [];
  }
  const expressions = withoutClauses(code);
  return [...expressions.matchAll(/(?<=[\w$)\]}'"`]\s+)as\s+(?!const\b)[\w({['"`]/g)].flatMap(
    ({ index }) => {
      const line = lineAt(code, index);
      return isExplained(source, line) || isTypeLevel(expressions, index)
        ? []
        : [
            `${path}:${line} casts without a reason: let the types prove it, move it to ` +
              'src/core/brand.ts, or say why in a comment above it: "cast -- reason".',
          ];
    },
  );
}

/** The code with `import` and `export` clauses blanked, whose `as` renames. */
function withoutClauses(code: string): string {
  return code.replaceAll(
    /\b(?:import|export)\s+(?:type\s+)?(?:[\w$]+\s*,\s*)?(?:\{[^}]*\}|\*\s*as\s+[\w$]+)/g,
    (clause) => clause.replaceAll(/[^\n]/g, ' '),
  );
}

/** `[K in T as …]` renames keys, and `{} as T` in a `setup` only carries a type. */
function isTypeLevel(code: string, index: number): boolean {
  const before = code.slice(0, index).trimEnd();
  return (
    /\[\s*\w+\s+in\s[^\]]*$/.test(before) || (before.endsWith('{}') && /\bsetup\s*\(/.test(before))
  );
}

function isExplained({ comments }: Source, line: number): boolean {
  return comments.some(({ firstLine, lastLine, text }) => {
    const isNear = firstLine === line || lastLine === line - 1;
    // A file of constructors of branded names says it once: "casts -- reason".
    const isForFile = /oxlint-disable\s|\bcasts\s+--\s/.test(text);
    return (isNear || isForFile) && /\s--\s+\S/.test(text);
  });
}

function documentsExports(source: Source): readonly string[] {
  const { path, code, text, comments } = source;
  if (!liesIn(path, ['src'])) {
    return [];
  }
  const declaration =
    /^export\s+(?:declare\s+)?(?:abstract\s+)?(?:function\s*\*?|const|class|type|interface)\s+(?<name>[\w$]+)/gm;
  const documented = new Set<string>();
  return [...code.matchAll(declaration)].flatMap((found) => {
    const name = found.groups?.['name'] ?? '';
    const line = lineAt(text, found.index);
    const hasWords = comments.some(
      (comment) => comment.lastLine === line - 1 && comment.text.startsWith('/**'),
    );
    if (hasWords || documented.has(name)) {
      documented.add(name);
      return [];
    }
    return [
      `${path}:${line} exports ${name} without a word: begin with one sentence that says why.`,
    ];
  });
}

/** A `default` is `unreachable`, or begins with the reason why the cases are open; kinds of values always are. */
function namesCases({ path, code, comments }: Source): readonly string[] {
  if (!liesIn(path, ['src', 'machines', 'actors'])) {
    return [];
  }
  const lines = code.split('\n');
  return lines.flatMap((line, place) => {
    const indent = /^(?<indent>\s*)default:(?: \{)?\s*$/.exec(line)?.groups?.['indent'];
    if (indent === undefined) {
      return [];
    }
    const around = lines
      .slice(0, place)
      .findLast((above) => above.trim() !== '' && above.search(/\S/) < indent.length);
    const isOpen = /\bswitch \((?!typeof\b)/.test(around ?? '');
    const isClosed = /\bunreachable\(/.test(lines[place + 1] ?? '');
    const isReasoned = comments.some(({ firstLine }) => firstLine === place + 2);
    return !isOpen || isClosed || isReasoned
      ? []
      : [
          `${path}:${place + 1} has a default that hides cases: name them and end in ` +
            '"return unreachable(value)", or begin with a comment that says why they are open.',
        ];
  });
}

/** Sorting carries a comment along with the import below it. */
function beginsWithWords({ path, code, comments }: Source): readonly string[] {
  const lines = code.split('\n');
  return comments
    .filter(
      ({ firstLine, lastLine, text }) =>
        text.startsWith('/**') &&
        /^import\b/.test(lines[lastLine] ?? '') &&
        lines.slice(0, firstLine - 1).some((line) => line.trim() !== ''),
    )
    .map(({ firstLine }) => `${path}:${firstLine} has its words among the imports: move them up.`);
}
