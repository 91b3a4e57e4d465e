/** What a function takes, as its declaration says. */
import type { ScriptType } from './script-types.ts';
import { readType, schemaText, tensorScriptType } from './script-types.ts';
import type { Reader } from './tokens.ts';
import { namePattern, readerOf } from './tokens.ts';

/** What a declaration says of one argument. */
export interface Parameter {
  readonly name: string;
  /** What stands for it where it is not given, as text and as value. */
  readonly initial?: { readonly text: string; readonly value: unknown };
}

/** The declaration of a function of Python. */
export interface PythonSignature {
  /** Whether it takes whatever else is given. */
  readonly hasRest: boolean;
  readonly name: string;
  readonly parameters: readonly Parameter[];
}

/** An argument of a script; of no type given, it is a tensor, and texts say so. */
export interface ScriptParameter extends Parameter {
  readonly isInferred: boolean;
  readonly type: ScriptType;
}

/** The declaration of a script. */
export interface ScriptSchema {
  readonly name: string;
  readonly parameters: readonly ScriptParameter[];
  /** The declaration as PyTorch writes it. */
  readonly text: string;
}

/**
 * Reads `name(x, y=3, *rest)`.
 *
 * @throws {SimulationError} `rpc/bad-declaration`
 */
export function pythonSignature(declaration: string): PythonSignature {
  const reader = readerOf(declaration);
  const name = readName(reader);
  const parameters: Parameter[] = [];
  let hasRest = false;
  while (!reader.accept(')')) {
    if (parameters.length > 0 || hasRest) reader.expect(',');
    if (reader.accept('*')) {
      reader.take(namePattern, 'a name');
      hasRest = true;
    } else {
      parameters.push({ name: reader.take(namePattern, 'a name'), ...readInitial(reader) });
    }
  }
  readEnd(reader);
  return { hasRest, name, parameters };
}

/**
 * Reads `name(int x, str s="a", t) -> int`.
 *
 * @throws {SimulationError} `rpc/bad-declaration`
 */
export function scriptSchema(declaration: string): ScriptSchema {
  const reader = readerOf(declaration);
  const name = readName(reader);
  const parameters: ScriptParameter[] = [];
  while (!reader.accept(')')) {
    if (parameters.length > 0) reader.expect(',');
    parameters.push(readScriptParameter(reader));
  }
  reader.expect('->');
  const result = readType(reader);
  readEnd(reader);
  const list = parameters.map(parameterText).join(', ');
  return { name, parameters, text: `${name}(${list}) -> ${schemaText(result)}` };
}

/** A word alone is the name of a tensor. */
function readScriptParameter(reader: Reader): ScriptParameter {
  const isInferred = [',', ')', '='].includes(reader.peek(1));
  const type = isInferred ? tensorScriptType : readType(reader);
  const name = reader.take(namePattern, 'the name of an argument');
  return { isInferred, name, type, ...readInitial(reader) };
}

function parameterText({ initial, name, type }: ScriptParameter): string {
  return `${schemaText(type)} ${name}${initial === undefined ? '' : `=${initial.text}`}`;
}

function readName(reader: Reader): string {
  const name = reader.take(namePattern, 'the name of a function');
  // That of a method stands behind the name of its class.
  const full = reader.accept('.') ? `${name}.${reader.take(namePattern, 'a name')}` : name;
  reader.expect('(');
  return full;
}

function readEnd(reader: Reader): void {
  reader.take(/^$/, 'its end');
}

const constants: Readonly<Record<string, unknown>> = {
  False: false,
  // What user code writes for it.
  None: undefined,
  True: true,
};

function readInitial(reader: Reader): Pick<Parameter, 'initial'> {
  if (!reader.accept('=')) return {};
  const text = reader.take(
    /^["'\d.-]|^(?:False|None|True)$/,
    'a number, a text, True, False or None',
  );
  return { initial: { text, value: valueOf(text) } };
}

function valueOf(text: string): unknown {
  if (Object.hasOwn(constants, text)) return constants[text];
  return /^["']/.test(text) ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : Number(text);
}
