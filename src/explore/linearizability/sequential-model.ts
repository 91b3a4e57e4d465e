/** What an object does when it is used by one client at a time: that by which a history is judged. */
export interface SequentialModel {
  readonly name: string;
  /** Its state before anything was done to it. Plain data. */
  readonly initial: unknown;
  /** The one state and result that an operation leads to. Pure. */
  readonly invoke: (state: never, operation: never) => Invoked;
}

/** What came of an operation. */
export interface Invoked {
  readonly result: unknown;
  readonly state: unknown;
}

/** An operation of a register. */
export type RegisterOperation =
  | { readonly type: 'read' }
  | { readonly type: 'write'; readonly value: unknown };

/** What an operation of a register gives. */
export type RegisterResult =
  | { readonly type: 'read'; readonly value: unknown }
  | { readonly type: 'written' };

/** A register: a read gives the value that was written last. */
export function register(initial: unknown): SequentialModel {
  return {
    name: 'register',
    initial,
    invoke: (value: unknown, operation: RegisterOperation) =>
      operation.type === 'read'
        ? { result: readOf(value), state: value }
        : written(operation.value),
  };
}

/** What an operation of a write-once register gives; a write fails where another value is. */
export type WriteOnceResult = RegisterResult | { readonly type: 'refused' };

/** A register that takes one value for ever, and that value any number of times. */
export function writeOnceRegister(): SequentialModel {
  return {
    name: 'write-once register',
    initial: { isWritten: false },
    invoke: (state: WriteOnce, operation: RegisterOperation) => {
      if (operation.type === 'read') {
        return { result: readOf(state.isWritten ? state.value : undefined), state };
      }
      if (!state.isWritten || state.value === operation.value) {
        return { ...written(operation.value), state: { isWritten: true, value: operation.value } };
      }
      return { result: { type: 'refused' } satisfies WriteOnceResult, state };
    },
  };
}

type WriteOnce =
  | { readonly isWritten: false }
  | { readonly isWritten: true; readonly value: unknown };

function readOf(value: unknown): RegisterResult {
  return { type: 'read', value };
}

function written(value: unknown): Invoked {
  return { result: { type: 'written' } satisfies RegisterResult, state: value };
}
