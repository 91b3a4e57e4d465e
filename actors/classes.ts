/**
 * Classes of Python: objects with methods, for what is called through references. A value is data, so an
 * object that changes is the value behind a reference, and a method gets that reference as `self`.
 */
import type { Frame } from '../machines/engine/frame.ts';
import type { Tensor } from '../machines/engine/graph.ts';
import type { Attributes } from '../machines/engine/operator.ts';
import { isOperatorName, operators } from '../machines/engine/operators.ts';
import { classNameOf, tensorType } from '../machines/engine/python-types.ts';
import { splitArguments } from '../machines/rpc/serving/keyword-schemas.ts';
import { call, perform, SimulationError } from '../src/index.ts';
import type { Functions, LocalTable, Program, ResultOf, UserFunction } from '../src/index.ts';
import type { ClassShape, Instance } from './class-types.ts';
import { constructing, fit, isMarkedAsync } from './marks.ts';
import { torch } from './torch.ts';
import type { Operand } from './torch.ts';
import type { RRef } from './types.ts';

/** A class without its types, as a cluster knows it. */
export interface AnyClass extends ClassShape {
  readonly construct: UserFunction;
  readonly create: UserFunction;
  readonly name: string;
}

/** A class; call `create` on a worker, and methods through the reference that this gives. */
export interface PythonClass<
  Construct extends UserFunction,
  Shape extends ClassShape,
> extends AnyClass {
  readonly construct: Construct;
  readonly create: (
    ...args: Parameters<Construct>
  ) => Program<Instance<Extract<ResultOf<Construct>, object>, Shape>>;
  readonly methods: Shape['methods'];
  readonly statics: Shape['statics'];
}

/** What a class is made of. */
export interface ClassParts<
  Construct extends UserFunction,
  Methods extends Functions,
  Statics extends Functions,
> {
  /** `__init__`: the attributes of a new object. */
  readonly construct: Construct;
  /** Each gets the reference to its object first. */
  readonly methods?: Methods;
  readonly statics?: Statics;
  /** Whether its objects are modules of TorchScript. */
  readonly isScript?: boolean;
}

// oxlint-disable-next-line typescript/no-generated-empty-object-type -- where a class has none, no name is known
type NoFunctions = Readonly<Record<never, UserFunction>>;

/** A class of this name. Give it to the cluster, whose workers all know it then. */
export function defineClass<
  Construct extends UserFunction,
  const Methods extends Functions = NoFunctions,
  const Statics extends Functions = NoFunctions,
>(
  name: string,
  parts: ClassParts<Construct, Methods, Statics>,
): PythonClass<Construct, { readonly methods: Methods; readonly statics: Statics }> {
  const { construct, isScript = false } = parts;
  // casts -- where parts are absent, their types have no names
  const methods = (parts.methods ?? {}) as Methods;
  const statics = (parts.statics ?? {}) as Statics;
  function* create(...args: Parameters<Construct>) {
    const state = yield* call(construct, args);
    // cast -- the attributes that the constructor gives, with the name of the class
    return { ...(state as object), class: name, ...(isScript ? { isScript } : {}) } as Instance<
      Extract<ResultOf<Construct>, object>,
      { readonly methods: Methods; readonly statics: Statics }
    >;
  }
  return Object.freeze({
    construct,
    create: constructing(create, { construct, name }),
    methods,
    name,
    statics,
  });
}

/** The functions of classes, by the names under which workers know them. */
export function functionsOf(classes: readonly AnyClass[]): Functions {
  return Object.fromEntries(
    classes.flatMap(({ construct, create, methods, name, statics }) => [
      [name, create],
      [`${name}.__init__`, construct],
      ...Object.entries({ ...methods, ...statics }).map(
        ([method, fn]) => [`${name}.${method}`, fn] as const,
      ),
    ]),
  );
}

/** A method as it is looked up by its name. */
export interface Method {
  readonly fn: string;
  readonly isAsync: boolean;
  readonly isStatic: boolean;
}

/** `getattr(type, name)`. @throws `AttributeError`. */
export function* methodOf(typeName: string, name: string): Program<Method> {
  return yield* perform<Method>({ type: 'class.method', name, typeName });
}

/** The same, for a call with so many arguments beside the object. @throws `AttributeError`, `TypeError`. */
export function* methodTaking(typeName: string, name: string, count: number): Program<Method> {
  return yield* perform<Method>({ type: 'class.method', count, name, typeName });
}

interface MethodRequest {
  readonly type: string;
  readonly count?: number;
  readonly name: string;
  readonly typeName: string;
}

/** Looks methods up, within the step of whoever asks: all workers have the same classes. */
export function methodRequests(classes: readonly AnyClass[]): LocalTable<Frame> {
  const byName = new Map(classes.map((each) => [each.name, each]));
  return {
    'class.method': (frame, { count = 0, name, typeName }: MethodRequest) => {
      const misfit = misfitOf(byName.get(classNameOf(typeName)), { count, name });
      if (misfit !== undefined) return { frame, thrown: { message: misfit, name: 'TypeError' } };
      const found =
        typeName === tensorType
          ? tensorMethod(name)
          : memberOf(byName.get(classNameOf(typeName)), name);
      if (found !== undefined) return { answer: found, frame };
      const message = `type object '${classNameOf(typeName)}' has no attribute '${name}'`;
      return { frame, thrown: { message, name: 'AttributeError' } };
    },
  };
}

/** Why a method does not take so many arguments beside the object; one that takes none need not name that. */
function misfitOf(
  of: AnyClass | undefined,
  { count, name }: { readonly count: number; readonly name: string },
): string | undefined {
  const member = memberOf(of, name);
  const fn = of?.statics[name] ?? of?.methods[name];
  if (member === undefined || fn === undefined || count === 0) return undefined;
  const args = Array.from({ length: member.isStatic ? count : count + 1 });
  const fitted = fit({ fn, name: member.fn }, { args });
  return 'misfit' in fitted ? fitted.misfit : undefined;
}

function memberOf(of: AnyClass | undefined, name: string): Method | undefined {
  if (of === undefined) return undefined;
  const isStatic = Object.hasOwn(of.statics, name);
  const fn = isStatic
    ? of.statics[name]
    : Object.hasOwn(of.methods, name)
      ? of.methods[name]
      : undefined;
  return fn === undefined
    ? undefined
    : { fn: `${of.name}.${name}`, isAsync: isMarkedAsync(fn), isStatic };
}

function tensorMethod(name: string): Method | undefined {
  if (name !== 'size' && !isOperatorName(name)) return undefined;
  return { fn: `${tensorType}.${name}`, isAsync: false, isStatic: false };
}

function* size(self: RRef<Tensor>): Program<readonly number[]> {
  return (yield* self.localValue()).shape;
}

function operatorMethod(op: string): UserFunction {
  return function* method(
    self: RRef<Tensor>,
    ...given: readonly (Attributes | Operand)[]
  ): Program<Tensor> {
    const tensor = yield* self.localValue();
    const { attributes, operands } = splitArguments(given);
    if (!isOperatorName(op))
      throw new SimulationError('rpc/no-operator', `There is no operator "${op}".`);
    // cast -- what is none is refused by the operator
    return yield* torch.apply(op, [tensor, ...(operands as readonly Operand[])], attributes);
  };
}

/** The methods of tensors: the operators, and `size`. */
export const tensorFunctions: Functions = Object.freeze({
  [`${tensorType}.size`]: size,
  ...Object.fromEntries(
    [...operators.keys()].map((op) => [`${tensorType}.${op}`, operatorMethod(op)]),
  ),
});
