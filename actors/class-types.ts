/** What the compiler knows of classes of Python, and of calls of methods through references. */
import type { Tensor } from '../machines/engine/graph.ts';
import type { Attributes } from '../machines/engine/operator.ts';
import type { OperatorName } from '../machines/engine/operators.ts';
import type { Functions, Program } from '../src/index.ts';
import type { RemoteResult } from './marks.ts';
import type { Operand } from './torch.ts';
import type { ExtraArguments, Future, RRef } from './types.ts';

declare const shapeKey: unique symbol;

/** What a class has beside its constructor. */
export interface ClassShape {
  /** Functions whose first argument is the reference to the object, on its owner. */
  readonly methods: Functions;
  /** Functions that get no object: static methods, and those of the class. */
  readonly statics: Functions;
}

/** An object: its attributes, and the name of its class. */
export type Instance<State extends object, Shape extends ClassShape> = State & {
  readonly class: string;
  readonly [shapeKey]?: Shape;
};

/** The methods of tensors that can be called through a reference. */
export interface TensorShape {
  readonly methods: Readonly<
    Record<
      OperatorName,
      (self: RRef<Tensor>, ...given: (Attributes | Operand)[]) => Program<Tensor>
    >
  > & {
    readonly size: (self: RRef<Tensor>) => Program<readonly number[]>;
  };
  readonly statics: object;
}

interface AnyShape {
  readonly methods: object;
  readonly statics: object;
}

type ShapeOf<Value> = Value extends Tensor
  ? TensorShape
  : typeof shapeKey extends keyof Value
    ? Extract<NonNullable<Value[typeof shapeKey]>, AnyShape>
    : AnyShape;

/** How a proxy calls: it waits for the result, gives its future, or leaves it on the owner. */
export type ProxyMode = 'async' | 'remote' | 'sync';

type ResultIn<Mode extends ProxyMode, Value> = {
  readonly async: Future<Value>;
  readonly remote: RRef<Value>;
  readonly sync: Value;
}[Mode];

type Calls<Members, Mode extends ProxyMode> = {
  readonly [Name in keyof Members]: Members[Name] extends (...args: never[]) => unknown
    ? (
        ...args: ExtraArguments<Members[Name]>
      ) => Program<ResultIn<Mode, RemoteResult<Members[Name]>>>
    : never;
};

type StaticCalls<Members, Mode extends ProxyMode> = {
  readonly [Name in keyof Members]: Members[Name] extends (...args: never[]) => unknown
    ? (...args: Parameters<Members[Name]>) => Program<ResultIn<Mode, RemoteResult<Members[Name]>>>
    : never;
};

/** The methods of the value behind a reference, called on its owner. */
export type RRefProxy<Value, Mode extends ProxyMode> = Calls<ShapeOf<Value>['methods'], Mode> &
  StaticCalls<ShapeOf<Value>['statics'], Mode>;
