/** How the user code of a cluster is run. */
import type { Frame } from '../machines/engine/frame.ts';
import type { FunctionRegistry, Limits, ProgramHost } from '../src/index.ts';
import type { AnyClass } from './classes.ts';
import { methodRequests } from './classes.ts';
import { currentIn } from './current.ts';
import { frameRequests } from './frame-requests.ts';
import { presenter } from './handle-methods.ts';
import { workerFunctions } from './worker-functions.ts';

/** What the workers of a cluster know. */
export interface UserCode {
  readonly classes?: readonly AnyClass[];
  readonly functions: FunctionRegistry;
  readonly limits?: Partial<Limits>;
}

/** What runs it. */
export function hostOf({ classes = [], functions, limits = {} }: UserCode): ProgramHost<Frame> {
  return {
    current: currentIn,
    limits,
    local: { ...frameRequests, ...methodRequests(classes) },
    presenter,
    registry: workerFunctions(functions, classes),
  };
}
