import { liesIn } from './rule.ts';
import type { Rule } from './rule.ts';
import { lineAt } from './source.ts';
import type { Source } from './source.ts';

interface Shape {
  readonly claim: string;
  readonly pattern: RegExp;
  readonly message: string;
  /** Where it holds; everywhere when absent. */
  readonly within?: readonly string[];
  /** The files that cannot do without, each of which says why. */
  readonly except?: readonly string[];
}

const product = ['src', 'machines', 'actors', 'examples'];

const shapes: readonly Shape[] = [
  {
    claim: 'what is exported has a name',
    pattern: /\bexport\s+default\b|\bexport\s*(?:type\s*)?\*/g,
    message: 'export each thing by its name, so that a door reads as a table of contents',
  },
  {
    claim: 'types can be erased',
    pattern: /(?<![.\w])(?:enum|namespace)\s+\w+\s*\{|^\s*@\w+\s*(?:\(|$)/gm,
    message: 'write a union of literals, a module or a plain function',
  },
  {
    claim: 'no classes but errors',
    pattern:
      /(?<![.\w])class(?![^{;]*\bextends\s+\w*Error\b)(?:\s+(?!extends\b)[\w$]+|\s+extends\b|(?=\s*\{))[^{;=]*\{/g,
    message: 'return a small interface from a factory',
    // A private field on somebody else's object can only be written by a class.
    except: ['src/core/memo.ts'],
  },
  {
    claim: 'no type is `any`',
    pattern: /(?:[:<|&]|=>|\bas|\bextends)\s*any\b(?!\s*[(.:?])|\bany\s*(?:\[\s*\]|>)/g,
    message: 'say what it is, or `unknown` and look',
  },
  {
    claim: 'no module has state',
    pattern: /^(?:export\s+)?(?:let|var)\b/gm,
    message: 'two systems in one process must not notice each other: keep it in a factory',
    within: product,
  },
  {
    claim: 'what is thrown has a code',
    pattern: /\bthrow\s+(?:new\s+)?(?:Type|Range|Syntax|Eval|Reference|URI|Aggregate)?Error\b/g,
    message: "throw new SimulationError('layer/what', …)",
    within: product,
  },
  {
    claim: 'no test is skipped, alone or pending',
    pattern: /\b(?:test|it|describe)\s*\.\s*(?:skip\w*|only|todo|runIf)\b/g,
    message: 'a test runs, with all others, or does not exist',
    within: ['test'],
  },
  {
    claim: 'nothing is mocked',
    pattern: /\bvi\s*\.\s*(?:mock|doMock|fn|spyOn|stub\w+|useFakeTimers)\b/g,
    message: 'the seams are the tape, the rules and the properties',
    within: ['test'],
  },
];

export const shapeRules: readonly Rule[] = [
  ...shapes.map(({ claim, except = [], pattern, message, within }) => ({
    claim,
    check: ({ path, text, code }: Source) =>
      !except.includes(path) && (within === undefined || liesIn(path, within))
        ? [...code.matchAll(pattern)].map(
            (found) => `${path}:${lineAt(text, found.index)} has "${found[0].trim()}": ${message}.`,
          )
        : [],
  })),
  { claim: 'the compiler is not silenced', check: leavesCompilerAlone },
  { claim: 'files are named in kebab-case', check: hasKebabName },
];

function leavesCompilerAlone({ path, comments }: Source): readonly string[] {
  return comments.flatMap(({ firstLine, text }) => {
    const found = /@ts-(?:ignore|nocheck|expect-error)/.exec(text)?.[0];
    const mayExpect = found === '@ts-expect-error' && liesIn(path, ['test/types']);
    return found === undefined || mayExpect
      ? []
      : [`${path}:${firstLine} has "${found}": repair the type; only test/types expects errors.`];
  });
}

function hasKebabName({ path }: Source): readonly string[] {
  const name = path.split('/').at(-1) ?? path;
  return /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*\.tsx?$/.test(name)
    ? []
    : [`${path} is not in kebab-case: name it after its idea, in small letters with hyphens.`];
}
