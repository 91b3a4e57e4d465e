/**
 * What runs a recorded program, function by function as the script that recorded it on PyTorch: the driver
 * is the user's own thread of worker 0, and all happens within one autograd context.
 */
import type { Tensor } from '../../machines/engine/graph.ts';
import { toDense } from '../../machines/engine/sparse.ts';
import { defineFunctions, unreachable } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { distAutograd } from '../dist-autograd.ts';
import { globals } from '../globals.ts';
import { rpc } from '../rpc.ts';
import { torch } from '../torch.ts';
import type { ContextId, Future, RRef } from '../types.ts';
import type { ConformanceProgram, LeafValue, OpValue } from './program.ts';

/** A value as the driver holds it. */
type Held = Tensor | RRef<Tensor>;

/** What an operator is given. */
type Argument = Held | number;

/** Numbers by the name of what they belong to. */
export type Named = readonly (readonly [string, readonly number[]])[];

/** What the driver knows in the end; what it did not get to is absent. */
export interface Findings {
  readonly contextId?: ContextId;
  readonly contextsDuring?: readonly boolean[];
  readonly error?: { readonly type: string; readonly message: string };
  readonly forward?: Named;
  readonly gradients?: Named;
  readonly leavesWithDotGrad?: readonly string[];
}

const leafPrefix = 'leaf/';

/** Makes a leaf and keeps it for later questions. */
function* makeLeaf(value: LeafValue): Program<Tensor> {
  const { data, dtype = 'float32', id, requires_grad: requiresGrad, shape } = value;
  const leaf = yield* torch.tensor(data, { dtype, requiresGrad, shape });
  yield* globals.set(`${leafPrefix}${id}`, leaf);
  return leaf;
}

/** An operator as a value says it; of several results the first is meant. */
type Call = Pick<OpValue, 'kwargs' | 'op'>;

/** Applies an operator where it runs; references are read there. */
function* applyOp({ kwargs, op }: Call, args: readonly Argument[]): Program<Tensor> {
  const values: (Tensor | number)[] = [];
  for (const arg of args) values.push(typeof arg === 'number' ? arg : yield* resolve(arg));
  // What programs call a transpose is `t`, unless they say which dimensions.
  const isPlain = kwargs === undefined && args.length === 1;
  const name = op === 'transpose' && isPlain ? 't' : op;
  return yield* torch.apply(name, values, kwargs);
}

/** Each hop calls the next; the last applies the operator. */
function* relay(hops: readonly number[], call: Call, args: readonly Argument[]): Program<Tensor> {
  const [next, ...rest] = hops;
  if (next === undefined) return yield* applyOp(call, args);
  return yield* rpc.sync(next, relay, [rest, call, args]);
}

/** The gradients of this worker's leaves in the context. */
function* gradsHere(contextId: ContextId): Program<Named> {
  const gradients = yield* distAutograd.getGradients(contextId);
  const leaves = yield* globals.entries<Tensor>(leafPrefix);
  return leaves.flatMap(([name, leaf]) => {
    const grad = distAutograd.gradientOf(gradients, leaf);
    return grad === undefined ? [] : [[name.slice(leafPrefix.length), rounded(grad)] as const];
  });
}

/** The leaves of this worker whose `.grad` is set. */
function* localGradHere(): Program<readonly string[]> {
  const found: string[] = [];
  for (const [name, leaf] of yield* globals.entries<Tensor>(leafPrefix)) {
    if ((yield* torch.grad(leaf)) !== undefined) found.push(name.slice(leafPrefix.length));
  }
  return found;
}

/** Whether this worker knows the context. */
function* contextKnown(contextId: ContextId): Program<boolean> {
  try {
    yield* distAutograd.retrieveContext(contextId);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs a program; what it raises is part of the findings. It asks all workers what they have come to, unless
 * somebody sees that from outside.
 */
function* runProgram(program: ConformanceProgram, asks = true): Program<Findings> {
  let findings: Findings = {};
  try {
    yield* distAutograd.context(function* (contextId) {
      findings = { contextId };
      const roots = yield* forward(program);
      findings = { ...findings, forward: roots.map(([id, root]) => [id, rounded(root)]) };
      const passes = program.backward_passes ?? 1;
      const tensors = roots.map(([, root]) => root);
      for (let pass = 0; pass < passes; pass += 1) {
        yield* distAutograd.backward(contextId, tensors, { retainGraph: passes > 1 });
      }
      if (!asks) return;
      const { workers } = program;
      const gradients = (yield* everywhere(workers, gradsHere, [contextId])).flat();
      const leavesWithDotGrad = (yield* everywhere(workers, localGradHere, [])).flat();
      const contextsDuring = yield* everywhere(workers, contextKnown, [contextId]);
      findings = { ...findings, contextsDuring, gradients, leavesWithDotGrad };
    });
  } catch (error) {
    return { ...findings, error: described(error) };
  }
  return findings;
}

/** The functions of a run by their names, for one system. */
export function defineConformanceFunctions() {
  return defineFunctions({
    applyOp,
    contextKnown,
    gradsHere,
    localGradHere,
    makeLeaf,
    relay,
    runProgram,
  });
}

interface Environment {
  readonly calls: Map<string, Future<Tensor>>;
  readonly values: Map<string, Held>;
}

/** Makes the values in order and brings the roots to worker 0. */
function* forward(program: ConformanceProgram): Program<readonly (readonly [string, Tensor])[]> {
  const environment: Environment = { calls: new Map(), values: new Map() };
  const { calls, values } = environment;
  for (const value of program.values) {
    if (value.kind === 'leaf') values.set(value.id, yield* makeLeafOn(value));
    else yield* makeValue(environment, value);
  }
  for (const [id, future] of calls) values.set(id, yield* future.wait());
  const roots: (readonly [string, Tensor])[] = [];
  for (const id of program.roots) {
    const root = values.get(id);
    if (root !== undefined) roots.push([id, yield* resolve(root)]);
  }
  return roots;
}

function* makeLeafOn(leaf: LeafValue): Program<Held> {
  return leaf.worker === 0
    ? yield* makeLeaf(leaf)
    : yield* rpc.remote(leaf.worker, makeLeaf, [leaf]);
}

function* makeValue(environment: Environment, value: OpValue): Program<void> {
  const { calls, values } = environment;
  const { hops = [], id, kwargs, op, to = 0, via } = value;
  const call: Call = kwargs === undefined ? { op } : { kwargs, op };
  const args: Argument[] = [];
  for (const arg of value.args) {
    args.push(...(typeof arg === 'number' ? [arg] : yield* lookUp(environment, arg)));
  }
  switch (via) {
    case 'local':
      values.set(id, yield* applyOp(call, args));
      return;
    case 'rpc_sync':
      values.set(id, yield* rpc.sync(to, applyOp, [call, args]));
      return;
    case 'rpc_async':
      calls.set(id, yield* rpc.async(to, applyOp, [call, args]));
      return;
    case 'remote':
      values.set(id, yield* rpc.remote(to, applyOp, [call, args]));
      return;
    case 'relay': {
      const [first = 0, ...rest] = hops;
      values.set(id, yield* rpc.sync(first, relay, [rest, call, args]));
      return;
    }
    default:
      unreachable(via);
  }
}

/** A value by its name; a call under way is waited for when its value is first used. */
function* lookUp({ calls, values }: Environment, name: string): Program<readonly Held[]> {
  const future = calls.get(name);
  if (future !== undefined) {
    calls.delete(name);
    values.set(name, yield* future.wait());
  }
  const value = values.get(name);
  return value === undefined ? [] : [value];
}

/** Asks every worker in turn, this one directly. */
function* everywhere<Args extends readonly unknown[], Answer>(
  workers: number,
  fn: (...args: Args) => Program<Answer>,
  args: Args,
): Program<readonly Answer[]> {
  const answers = [yield* fn(...args)];
  for (let worker = 1; worker < workers; worker += 1) {
    // cast -- `Parameters` of a function of `Args` are `Args`, and its result is an `Answer`
    answers.push((yield* rpc.sync(worker, fn as never, [...args] as never)) as Answer);
  }
  return answers;
}

function* resolve(value: Held): Program<Tensor> {
  if ('data' in value) return value;
  return value.isOwner() ? yield* value.localValue() : yield* value.toHere();
}

// The record has six digits after the point.
const digits = 6;

function rounded(source: Tensor): readonly number[] {
  return toDense(source).data.map((element) => Number(element.toFixed(digits)));
}

function described(error: unknown): { readonly type: string; readonly message: string } {
  if (!(error instanceof Error)) return { type: 'Exception', message: String(error) };
  const [message = ''] = error.message.split('\n');
  return { type: error.name, message };
}
