/**
 * Classes of errors: which are derived from which, and which can be made anew from one text.
 *
 * @see Python, "Exception hierarchy"; PyTorch, `torch/distributed/rpc/internal.py`, `_handle_exception`.
 */

/** A class of errors by its name. */
export interface ErrorClass {
  readonly name: string;
  /** The classes that it is derived from, the nearest first, as far as they are none of Python's. */
  readonly bases?: readonly string[];
  /** What it is constructed from, by name; absent where that is one text. */
  readonly parameters?: readonly string[];
}

/** The classes that Python has, by what they are derived from; a name alone is derived from `Exception`. */
const derived: Readonly<Record<string, string>> = {
  ArithmeticError: 'FloatingPointError OverflowError ZeroDivisionError',
  BaseException: 'BaseExceptionGroup Exception GeneratorExit KeyboardInterrupt SystemExit',
  ConnectionError:
    'BrokenPipeError ConnectionAbortedError ConnectionRefusedError ConnectionResetError',
  Exception:
    'ArithmeticError AssertionError AttributeError BufferError EOFError ImportError LookupError ' +
    'MemoryError NameError OSError ReferenceError RuntimeError StopAsyncIteration StopIteration ' +
    'SyntaxError SystemError TypeError ValueError Warning',
  ImportError: 'ModuleNotFoundError',
  LookupError: 'IndexError KeyError',
  NameError: 'UnboundLocalError',
  OSError:
    'BlockingIOError ChildProcessError ConnectionError FileExistsError FileNotFoundError ' +
    'InterruptedError IsADirectoryError NotADirectoryError PermissionError ProcessLookupError TimeoutError',
  RuntimeError: 'NotImplementedError RecursionError',
  SyntaxError: 'IndentationError',
  IndentationError: 'TabError',
  UnicodeError: 'UnicodeDecodeError UnicodeEncodeError UnicodeTranslateError',
  ValueError: 'UnicodeError',
};

const parents: ReadonlyMap<string, string> = new Map(
  Object.entries(derived).flatMap(([parent, names]) =>
    names.split(' ').map((name) => [name, parent] as const),
  ),
);

/** What JavaScript has and Python does not; user code raises them by mistake. */
const ofJavaScript: ReadonlySet<string> = new Set(['Error', 'EvalError', 'RangeError', 'URIError']);

/** What these classes of Python are made of is not one text. */
const numbersOfParts: Readonly<Record<string, number>> = {
  UnicodeDecodeError: 5,
  UnicodeEncodeError: 5,
  UnicodeTranslateError: 4,
};

/** `isinstance(error, base)`; a class of which nothing else is known is derived from `Exception`. */
export function isErrorOf({ bases = [], name }: ErrorClass, base: string): boolean {
  const named = [name, ...bases];
  const isKnown = named.some((each) => parents.has(each) || each === 'BaseException');
  const line = named.flatMap(lineOf);
  return line.includes(base) || (!isKnown && base === 'Exception');
}

/** The class and all that it is derived from, as Python has it. */
function lineOf(name: string): readonly string[] {
  const parent = parents.get(name);
  return parent === undefined ? [name] : [name, ...lineOf(parent)];
}

/** The name of a class as a traceback has it: with its module, unless Python has the class. */
export function moduleNameOf(name: string): string {
  const isBuiltin = parents.has(name) || name === 'BaseException' || ofJavaScript.has(name);
  return isBuiltin || name.includes('.') ? name : `__main__.${name}`;
}

/** The name as the interpreter of scripts has it; what the framework raises there has no module. */
export function scriptNameOf(name: string): string {
  return name !== 'RuntimeError' && parents.has(name) ? `builtins.${name}` : name;
}

/** What the constructor says of one text, if the class is not made from that. */
export function rebuildError({ name, parameters }: ErrorClass): string | undefined {
  const parts = numbersOfParts[name];
  if (parts !== undefined) return `function takes exactly ${parts} arguments (1 given)`;
  if (parameters === undefined || parameters.length === 1) return undefined;
  const [, ...missing] = parameters;
  return missing.length === 0
    ? `${name}.__init__() takes 1 positional argument but 2 were given`
    : `${name}.__init__() ${missingText(missing)}`;
}

/** What Python says of arguments that a call does not have. */
export function missingText(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  const last = quoted.at(-1) ?? '';
  const list =
    quoted.length < 3 ? quoted.join(' and ') : `${quoted.slice(0, -1).join(', ')}, and ${last}`;
  const noun = quoted.length === 1 ? 'argument' : 'arguments';
  return `missing ${quoted.length} required positional ${noun}: ${list}`;
}
