/** The words of a declaration, one after the other. */
import { SimulationError } from '../../../src/core/errors.ts';

/** What reads a declaration from its first word to its last. */
export interface Reader {
  /** Takes the next word, if it is this one. */
  readonly accept: (word: string) => boolean;
  /** Takes the next word, which must be this one. @throws {SimulationError} `rpc/bad-declaration` */
  readonly expect: (word: string) => void;
  /** Takes the next word, which must look so. @throws {SimulationError} `rpc/bad-declaration` */
  readonly take: (pattern: RegExp, what: string) => string;
  /** The error for the next word, in place of which there should be something else. */
  readonly misread: (what: string) => SimulationError;
  /** The next word, or one that comes later; an empty text at the end. */
  readonly peek: (later?: number) => string;
}

/** A name of Python. */
export const namePattern = /^[A-Za-z_]\w*$/;
const wordPattern =
  /\s*(->|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z_]\w*|\S)/y;

/** Reads this declaration. */
export function readerOf(declaration: string): Reader {
  const words = wordsOf(declaration);
  let at = 0;
  const peek = (later = 0): string => words[at + later] ?? '';
  const misread = (what: string): SimulationError => misreadError(declaration, what, peek());
  const take = (pattern: RegExp, what: string): string => {
    const word = peek();
    if (!pattern.test(word)) throw misread(what);
    at += 1;
    return word;
  };
  const accept = (word: string): boolean => {
    if (peek() !== word) return false;
    at += 1;
    return true;
  };
  const expect = (word: string): void => {
    if (!accept(word)) throw misread(`"${word}"`);
  };
  return { accept, expect, misread, peek, take };
}

function wordsOf(declaration: string): readonly string[] {
  const text = declaration.trim();
  const words: string[] = [];
  wordPattern.lastIndex = 0;
  for (let found = wordPattern.exec(text); found !== null; found = wordPattern.exec(text)) {
    words.push(found[1] ?? '');
  }
  return words;
}

function misreadError(declaration: string, what: string, word: string): SimulationError {
  const found = word === '' ? 'it ends there' : `there is "${word}"`;
  return new SimulationError(
    'rpc/bad-declaration',
    `The declaration "${declaration}" should have ${what} where ${found}. Write it as ` +
      '"name(int x, str[] names, float f=1.5) -> int" for a script, as "name(x, y=3)" for a function of Python.',
  );
}
