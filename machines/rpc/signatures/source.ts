/**
 * What a function of JavaScript takes, as its own text says: how many arguments, and their names. Which of them
 * are needed it does not say, since `x?` of TypeScript is `x` there.
 */
import type { TakenArgument, Takes } from './python-arguments.ts';

/** A function of any kind. */
export type AnyFunction = (...args: never[]) => unknown;

/** What it takes; nothing is known of a function that is built in, bound, or reads `arguments`. */
export function takenBy(fn: AnyFunction): Omit<Takes, 'name'> | undefined {
  const source = Function.prototype.toString.call(fn);
  if (/\barguments\b|\{\s*\[native code\]/.test(source)) return undefined;
  const single = /^\s*(?:async\s+)?([A-Za-z_$][\w$]*)\s*=>/.exec(source);
  const list = single === null ? listIn(source) : [single[1] ?? ''];
  if (list === undefined) return undefined;
  const hasRest = list.at(-1)?.startsWith('...') === true;
  return { hasRest, parameters: (hasRest ? list.slice(0, -1) : list).map(parameterOf) };
}

function parameterOf(text: string): TakenArgument {
  const [, name, assigned] = /^([A-Za-z_$][\w$]*)\s*(=?)/.exec(text) ?? [];
  const hasInitial = name === undefined ? /\}\s*=|\]\s*=/.test(text) : assigned === '=';
  return {
    isNeeded: false,
    ...(name === undefined ? {} : { name }),
    // What stands for it is the function's own matter.
    ...(hasInitial ? { initial: { value: undefined } } : {}),
  };
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The texts between the first brackets, apart by commas; none where a text has what is not read here. */
function listIn(source: string): readonly string[] | undefined {
  const start = source.indexOf('(');
  // The name of a method can be anything, within brackets.
  if (start === -1 || source.slice(0, start).includes('[')) return undefined;
  const open: string[] = [];
  const list: string[] = [];
  let from = start + 1;
  for (let at = start + 1; at < source.length; at += 1) {
    const letter = source[at] ?? '';
    const until = afterText(source, at);
    if (until === undefined) return undefined;
    if (until > at) {
      at = until - 1;
    } else if (closing[letter] !== undefined) {
      open.push(closing[letter]);
    } else if (open.length === 0 && (letter === ',' || letter === ')')) {
      const text = withoutNotes(source.slice(from, at));
      if (text !== '') list.push(text);
      if (letter === ')') return list;
      from = at + 1;
    } else if (letter === open.at(-1)) {
      open.pop();
    }
  }
  return undefined;
}

/** Where a quoted text or a note that begins here ends; `at` where none begins, nothing where it is unsure. */
function afterText(source: string, at: number): number | undefined {
  const letter = source[at] ?? '';
  if (letter === '/') {
    const [end, length] = source[at + 1] === '*' ? ['*/', 2] : ['\n', 1];
    const isNote = source[at + 1] === '*' || source[at + 1] === '/';
    const found = isNote ? source.indexOf(end, at + 2) : -1;
    return found === -1 ? undefined : found + length;
  }
  if (letter === '`') return undefined;
  if (letter !== '"' && letter !== "'") return at;
  for (let end = at + 1; end < source.length; end += 1) {
    if (source[end] === '\\') end += 1;
    else if (source[end] === letter) return end + 1;
  }
  return undefined;
}

function withoutNotes(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\/|\/\/[^\n]*/g, '').trim();
}
