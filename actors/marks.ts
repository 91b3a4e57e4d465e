/** What PyTorch's decorators say of functions: a mark that whoever calls them reads. */
import type { OperatorName } from '../machines/engine/operators.ts';
import { givenBy } from '../machines/rpc/signatures/given.ts';
import { pythonSignature, scriptSchema } from '../machines/rpc/signatures/parameters.ts';
import type { PythonSignature } from '../machines/rpc/signatures/parameters.ts';
import { pythonArguments } from '../machines/rpc/signatures/python-arguments.ts';
import type { Fitted, Takes } from '../machines/rpc/signatures/python-arguments.ts';
import type { GivenArguments } from '../machines/rpc/signatures/script-arguments.ts';
import { takenBy } from '../machines/rpc/signatures/source.ts';
import type { Callee } from '../machines/rpc/user/user-request.ts';
import { named, SimulationError } from '../src/index.ts';
import type { Program, ResultOf, UserFunction } from '../src/index.ts';
import { runtimeError, typeError } from './errors.ts';
import type { Future } from './types.ts';

const markKey: unique symbol = Symbol('orrery.mark');
declare const asyncKey: unique symbol;

interface Mark {
  /** The class whose objects it makes, with what `source` takes. */
  readonly constructs?: string;
  readonly isAsync?: true;
  readonly isScript?: true;
  readonly op?: OperatorName;
  /** The declaration of a script. */
  readonly schema?: string;
  /** The declaration of a function of Python. */
  readonly signature?: PythonSignature;
  /** What was marked. */
  readonly source?: UserFunction;
}

/** A function whose calls give what its future gives. */
export type AsyncExecution<Fn extends UserFunction> = Fn & { readonly [asyncKey]?: true };

/** What a call of `Fn` gives. */
export type RemoteResult<Fn extends UserFunction> = typeof asyncKey extends keyof Fn
  ? ResultOf<Fn> extends Future<infer Value>
    ? Value
    : unknown
  : ResultOf<Fn>;

/**
 * `@rpc.functions.async_execution`: the function returns a future, and its calls are answered when that is
 * complete. Register what this returns.
 */
export function asyncExecution<Fn extends UserFunction>(fn: Fn): AsyncExecution<Fn> {
  return marked(fn, { ...markOf(fn), isAsync: true });
}

/** How a script is declared. */
export interface ScriptOptions {
  /** What it takes and gives, as PyTorch writes it: `f(int x, str[] names, float factor=1.5) -> int`. */
  readonly schema?: string;
}

/**
 * `@torch.jit.script`: calls of the function travel as scripts. Register what this returns. With a schema, what
 * does not fit that is an error before anything is sent.
 *
 * @throws {SimulationError} `rpc/bad-declaration` if the schema is none.
 */
export function script<Fn extends UserFunction>(fn: Fn, { schema }: ScriptOptions = {}): Fn {
  const declared = schema === undefined ? {} : { schema: scriptSchema(schema).text };
  return marked(fn, { ...markOf(fn), ...declared, isScript: true });
}

/**
 * Says what a function takes, in Python's words: `f(x, y=3, *rest)`. Register what this returns. What a call gives
 * is held against that: too few or too many arguments are a `TypeError` of the worker that is called.
 *
 * @throws {SimulationError} `rpc/bad-declaration` if the declaration is none.
 */
export function declare<Fn extends UserFunction>(declaration: string, fn: Fn): Fn {
  return marked(fn, { ...markOf(fn), signature: pythonSignature(declaration) });
}

/** A function that makes objects of a class takes what their constructor takes. */
export function constructing<Fn extends UserFunction>(
  create: Fn,
  { construct, name }: { readonly construct: UserFunction; readonly name: string },
): Fn {
  return Object.assign(create, { [markKey]: { constructs: name, source: construct } });
}

/** A function that stands for a built-in operator. */
export function builtin<Fn extends UserFunction>(op: OperatorName, fn: Fn): Fn {
  return marked(fn, { op });
}

/** What a call of the function asks for, and with what. */
export function* calleeOf(
  fn: UserFunction,
  called: { readonly args: unknown; readonly kwargs: unknown },
): Program<CalledWith> {
  const { isAsync = false, isScript = false, op, schema } = markOf(fn);
  const given = givenBy(called);
  if ('noArguments' in given) {
    if (op !== undefined || isScript) throw typeError(`Value ${given.noArguments}`);
    const name = yield* named(fn);
    const misfit = `__main__.${name}() argument ${given.noArguments}`;
    return { args: [], callee: { type: 'function', fn: name, isAsync, misfit } };
  }
  const { args, kwargs } = given;
  if (op !== undefined) {
    // What an operator takes by name is a record behind its tensors.
    const all = kwargs === undefined ? args : [...args, kwargs];
    return { args: all, callee: { type: 'operator', op } };
  }
  const name = yield* named(fn);
  if (isScript) {
    if (schema === undefined) checkScript({ fn, name }, given);
    const callee = { type: 'script', fn: name, isAsync, ...(schema && { schema }) } as const;
    return { args, callee, ...(kwargs && { kwargs }) };
  }
  const callee = { type: 'function', fn: name, isAsync } as const;
  const fitted = fit({ fn, name }, given);
  return 'misfit' in fitted
    ? { args, callee: { ...callee, misfit: fitted.misfit } }
    : { args: fitted.args, callee };
}

interface CalledWith extends GivenArguments {
  readonly callee: Callee;
}

interface NamedFunction {
  readonly fn: UserFunction;
  /** The name in texts, unless the function is declared by another. */
  readonly name: string;
}

/** The arguments as the function takes them, or why it does not. */
export function fit({ fn, name }: NamedFunction, given: GivenArguments): Fitted {
  const { constructs, signature, source = fn } = markOf(fn);
  const { args, kwargs } = given;
  if (constructs !== undefined) return fitConstructor({ fn: source, name: constructs }, given);
  if (signature !== undefined) return pythonArguments(takesOf(signature), given);
  if (kwargs === undefined && args.length <= source.length) return { args };
  const taken = takenBy(source);
  if (taken !== undefined) return pythonArguments({ ...taken, name }, given);
  if (kwargs === undefined) return { args };
  throw noNames(name, `rpc.declare('${name}(x, y=3)', f)`);
}

/** Python counts the object itself among what its constructor takes. */
function fitConstructor({ fn, name }: NamedFunction, { args, kwargs }: GivenArguments): Fitted {
  const taken = takenBy(fn);
  if (taken === undefined) return fit({ fn, name }, { args, kwargs });
  const parameters = [{ isNeeded: false, name: 'self' }, ...taken.parameters];
  const all = { ...taken, name: `${name}.__init__`, parameters };
  const fitted = pythonArguments(all, { args: [undefined, ...args], kwargs });
  return 'misfit' in fitted ? fitted : { args: fitted.args.slice(1) };
}

/** A script without a schema takes as many arguments as it has. */
function checkScript({ fn, name }: NamedFunction, { args, kwargs }: GivenArguments): void {
  if (kwargs !== undefined) {
    throw noNames(name, `rpc.script(f, { schema: '${name}(int x) -> int' })`);
  }
  const { source = fn } = markOf(fn);
  if (args.length <= source.length) return;
  const { parameters, hasRest } = takenBy(source) ?? { hasRest: true, parameters: [] };
  if (hasRest || args.length <= parameters.length) return;
  throw runtimeError(
    `${name}() expected at most ${parameters.length} argument(s) but received ${args.length} argument(s).`,
  );
}

function noNames(name: string, remedy: string): SimulationError {
  return new SimulationError(
    'rpc/no-names',
    `What "${name}" takes has no names. Give them, as in ${remedy}, or give its arguments in order.`,
  );
}

function takesOf({ parameters, ...signature }: PythonSignature): Takes {
  const taken = parameters.map((parameter) => ({
    ...parameter,
    isNeeded: parameter.initial === undefined,
  }));
  return { ...signature, parameters: taken };
}

/** Whether the function is marked by `asyncExecution`. */
export function isMarkedAsync(fn: UserFunction): boolean {
  return markOf(fn).isAsync === true;
}

/** The same function as a new one, so that the mark is on no function of somebody else's. */
function marked<Fn extends UserFunction>(fn: Fn, mark: Mark): Fn {
  const call = (...args: readonly unknown[]): unknown => Reflect.apply(fn, undefined, args);
  // cast -- it takes and gives what `fn` does
  return Object.assign(call, { [markKey]: { source: fn, ...mark } }) as unknown as Fn;
}

function markOf(fn: UserFunction): Mark {
  // cast -- only `marked` sets this key
  return markKey in fn ? (fn[markKey] as Mark) : {};
}
