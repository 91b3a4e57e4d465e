/** What PyTorch's decorators say of functions: a mark that whoever calls them reads. */
import type { OperatorName } from '../machines/engine/operators.ts';
import type { Callee } from '../machines/rpc/user/user-request.ts';
import { named } from '../src/index.ts';
import type { Program, ResultOf, UserFunction } from '../src/index.ts';
import type { Future } from './types.ts';

const markKey: unique symbol = Symbol('orrery.mark');
declare const asyncKey: unique symbol;

interface Mark {
  readonly isAsync?: true;
  readonly isScript?: true;
  readonly op?: OperatorName;
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

/** `@torch.jit.script`: calls of the function travel as scripts. Register what this returns. */
export function script<Fn extends UserFunction>(fn: Fn): Fn {
  return marked(fn, { ...markOf(fn), isScript: true });
}

/** A function that stands for a built-in operator. */
export function builtin<Fn extends UserFunction>(op: OperatorName, fn: Fn): Fn {
  return marked(fn, { op });
}

/** What a call of the function asks for. */
export function* calleeOf(fn: UserFunction): Program<Callee> {
  const { isAsync = false, isScript = false, op } = markOf(fn);
  if (op !== undefined) return { type: 'operator', op };
  return { type: isScript ? 'script' : 'function', fn: yield* named(fn), isAsync };
}

/** Whether the function is marked by `asyncExecution`. */
export function isMarkedAsync(fn: UserFunction): boolean {
  return markOf(fn).isAsync === true;
}

/** The same function as a new one, so that the mark is on no function of somebody else's. */
function marked<Fn extends UserFunction>(fn: Fn, mark: Mark): Fn {
  const call = (...args: readonly unknown[]): unknown => Reflect.apply(fn, undefined, args);
  // cast -- it takes and gives what `fn` does
  return Object.assign(call, { [markKey]: mark }) as unknown as Fn;
}

function markOf(fn: UserFunction): Mark {
  // cast -- only `marked` sets this key
  return markKey in fn ? (fn[markKey] as Mark) : {};
}
