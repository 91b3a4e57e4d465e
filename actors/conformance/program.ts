/** Programs that ran on real PyTorch, as data: what a line of such a file may say. */
import { takesWritten } from '../../machines/engine/arguments.ts';
import { formatArity, takes } from '../../machines/engine/arity.ts';
import type { DType } from '../../machines/engine/graph.ts';
import { nearestOperators } from '../../machines/engine/nearest-operators.ts';
import type { Attributes } from '../../machines/engine/operator.ts';
import type { OperatorName } from '../../machines/engine/operators.ts';
import { isOperatorName, operators } from '../../machines/engine/operators.ts';
import { isDType } from '../../machines/engine/tensor.ts';
import { SimulationError } from '../../src/index.ts';

/** One program: values made in order on several workers, then a backward pass from the roots. */
export interface ConformanceProgram {
  readonly id: string;
  /** How often backward runs; once unless told. */
  readonly backward_passes?: number;
  readonly roots: readonly string[];
  readonly values: readonly ProgramValue[];
  readonly workers: number;
}

/** A value of a program. */
export type ProgramValue = LeafValue | OpValue;

/** A tensor made on a worker. */
export interface LeafValue {
  readonly id: string;
  readonly data: readonly number[];
  readonly kind: 'leaf';
  /** `float32` unless told; an index is `int64`. */
  readonly dtype?: DType;
  readonly requires_grad: boolean;
  readonly shape: readonly number[];
  readonly worker: number;
}

/** An operator applied somewhere. */
export interface OpValue {
  readonly id: string;
  /** Names of values, and numbers. */
  readonly args: readonly (number | string)[];
  readonly hops?: readonly number[];
  readonly kind: 'op';
  /** What the operator takes by name. */
  readonly kwargs?: Attributes;
  readonly op: OperatorName;
  readonly to?: number;
  readonly via: Via;
}

/** Those of the table that are parts of others, or whose result is no tensor of a program. */
function isPart(name: string): boolean {
  return /[._]backward$|^_|^unsafe_|\./.test(name) || ['copy', 'fill', 'to', 'zero'].includes(name);
}

const programOps: readonly OperatorName[] = [...operators.keys()]
  .filter(isOperatorName)
  .filter((name) => !isPart(name))
  .toSorted();

/** Where Python has an operator; its name alone says which. */
const namespaces =
  /^(?:torch\.(?:nn\.functional\.|Tensor\.|linalg\.|special\.)?|F\.|Tensor\.|aten::)/;

const vias = ['local', 'rpc_sync', 'rpc_async', 'remote', 'relay'] as const;

/** How an operator gets to where it is applied. */
export type Via = (typeof vias)[number];

// As many as get ids of 16 bits with a sign; far fewer make sense.
const workersMax = 1_000;
const passesMax = 1_000;

/**
 * A program out of whatever was read.
 *
 * @throws {SimulationError} `conformance/bad-program`, naming the program, the value and what is wrong.
 */
export function parseProgram(read: unknown): ConformanceProgram {
  const program = recordOf(read, 'A program');
  const { backward_passes, id, roots, values, workers } = program;
  demand(isText(id), 'A program', 'has no "id". Give it a text.');
  const name = `Program "${id}"`;
  demand(
    isCount(workers, 1, workersMax),
    name,
    `has "workers" ${show(workers)}, not 1 to ${workersMax}.`,
  );
  demand(Array.isArray(values), name, 'has no list of "values".');
  const known = new Set<string>();
  const checked = values.map((value: unknown, index): ProgramValue => {
    const found = valueOf(value, { known, name: `${name}, value ${index}`, workers });
    known.add(found.id);
    return found;
  });
  demand(isListOf(roots, isText), name, 'has no list of "roots".');
  for (const root of roots) demand(known.has(root), name, `has the unknown root "${root}".`);
  if (backward_passes === undefined) return { id, roots, values: checked, workers };
  demand(
    isCount(backward_passes, 1, passesMax),
    name,
    `has "backward_passes" ${show(backward_passes)}, not 1 to ${passesMax}.`,
  );
  return { backward_passes, id, roots, values: checked, workers };
}

interface Surroundings {
  /** The values before this one. */
  readonly known: ReadonlySet<string>;
  readonly name: string;
  readonly workers: number;
}

function valueOf(read: unknown, { known, name, workers }: Surroundings): ProgramValue {
  const value = recordOf(read, name);
  const { id, kind } = value;
  demand(isText(id), name, 'has no "id". Give it a text.');
  const called = `${name} "${id}"`;
  demand(!known.has(id), called, 'has the id of an earlier value.');
  if (kind === 'leaf') return leafOf(value, { id, name: called, workers });
  demand(kind === 'op', called, `is of the unknown kind ${show(kind)}. Write "leaf" or "op".`);
  return opOf(value, { id, known, name: called, workers });
}

interface Naming extends Omit<Surroundings, 'known'> {
  readonly id: string;
}

function leafOf(value: Fields, { id, name, workers }: Naming): LeafValue {
  const { data, dtype, requires_grad, shape, worker } = value;
  demand(isWorker(worker, workers), name, unknownWorker(worker, workers));
  demand(isListOf(shape, isSize), name, `has the shape ${show(shape)}, which is no list of sizes.`);
  demand(isListOf(data, isNumber), name, 'has no list of numbers as "data".');
  const elements = shape.reduce((product, size) => product * size, 1);
  demand(
    elements === data.length,
    name,
    `has ${data.length} numbers, but its shape ${show(shape)} takes ${elements}.`,
  );
  demand(typeof requires_grad === 'boolean', name, 'has no "requires_grad", true or false.');
  if (dtype === undefined) return { id, data, kind: 'leaf', requires_grad, shape, worker };
  demand(
    isText(dtype) && isDType(dtype),
    name,
    `has the unknown dtype ${show(dtype)}. Known are float32, float64, int64 and bool.`,
  );
  return { id, data, dtype, kind: 'leaf', requires_grad, shape, worker };
}

function opOf(value: Fields, naming: Naming & Pick<Surroundings, 'known'>): OpValue {
  const { id, known, name, workers } = naming;
  const { args, hops, kwargs, to, via } = value;
  const { op: written } = value;
  const op = isText(written) ? written.replace(namespaces, '') : written;
  demand(
    isOp(op),
    name,
    `has the unknown op ${show(op)}.${nearestOperators(String(op), programOps)}`,
  );
  demand(isListOf(args, isArgument), name, 'has no list of "args".');
  const arity = operators.get(op)?.arity ?? 0;
  for (const arg of args) {
    demand(isNumber(arg) || known.has(arg), name, `names the unknown value "${arg}".`);
  }
  demand(
    kwargs === undefined || (isRecord(kwargs) && Object.values(kwargs).every(isAttribute)),
    name,
    `has "kwargs" ${show(kwargs)}. Write an object of numbers, texts, flags and lists of numbers.`,
  );
  demand(
    takes(arity, args.length) || takesWritten(op, arity, args),
    name,
    `gives ${args.length} arguments to ${op}, which takes ${formatArity(arity)}.`,
  );
  demand(isVia(via), name, `has the unknown via ${show(via)}. Known are ${vias.join(', ')}.`);
  // cast -- each value was looked at
  const named = kwargs === undefined ? {} : { kwargs: kwargs as Attributes };
  if (via === 'local') return { id, args, kind: 'op', ...named, op, via };
  if (via === 'relay') {
    demand(isListOf(hops, isNumber) && hops.length > 0, name, 'has no "hops" to be relayed over.');
    for (const hop of hops) demand(isWorker(hop, workers), name, unknownWorker(hop, workers));
    return { id, args, hops, kind: 'op', ...named, op, via };
  }
  demand(isWorker(to, workers), name, unknownWorker(to, workers));
  return { id, args, kind: 'op', ...named, op, to, via };
}

type Fields = Readonly<Record<string, unknown>>;

function recordOf(read: unknown, name: string): Fields {
  demand(isRecord(read), name, `is ${show(read)}. Write an object.`);
  return read;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isSize(value: unknown): value is number {
  return isNumber(value) && Number.isInteger(value) && value >= 0;
}

function isCount(value: unknown, least: number, most: number): value is number {
  return isSize(value) && value >= least && value <= most;
}

function isListOf<T>(value: unknown, is: (member: unknown) => member is T): value is readonly T[] {
  return Array.isArray(value) && value.every((member) => is(member));
}

function isArgument(value: unknown): value is number | string {
  return isText(value) || isNumber(value);
}

function isAttribute(value: unknown): boolean {
  return ['boolean', 'number', 'string'].includes(typeof value) || isListOf(value, isNumber);
}

function isOp(value: unknown): value is OperatorName {
  return programOps.some((op) => op === value);
}

function isVia(value: unknown): value is Via {
  return vias.some((via) => via === value);
}

function isWorker(value: unknown, workers: number): value is number {
  return isCount(value, 0, workers - 1);
}

function unknownWorker(worker: unknown, workers: number): string {
  return `names the unknown worker ${show(worker)}. There are ${workers}, counted from 0.`;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}

function demand(condition: boolean, name: string, what: string): asserts condition {
  if (!condition) throw new SimulationError('conformance/bad-program', `${name} ${what}`);
}
