/**
 * A running user function as an actor. It makes one remote request at a time of its parent, waits for the
 * answer, and ends with what the function returned or threw.
 */
import { assign, sendParent, setup } from 'xstate';

import { invariant, unreachable } from '../core/errors.ts';
import { advance } from './advance.ts';
import type { Advance, ProgramHost } from './advance.ts';
import type { Failure } from './failure.ts';
import type { Call, FunctionRegistry } from './function-registry.ts';
import { answer, begin } from './history.ts';
import type { Outcome, ProgramState } from './history.ts';
import type { Request } from './request.ts';

/** What a running user function is started with: `id` is how its parent knows the call. */
export interface UserFunctionInput<Frame> {
  readonly call: Call;
  readonly frame: Frame;
  readonly id: string;
}

/** What its parent tells it. */
export type UserFunctionEvent =
  | { readonly type: 'request.answered'; readonly value: unknown }
  | { readonly type: 'request.failed'; readonly error: Failure };

/** What it tells its parent: the call `call` asks for this. */
export interface RequestMade {
  readonly type: 'request.made';
  readonly call: string;
  readonly request: Request;
}

/** What it ends with. */
export type UserFunctionOutput<Frame> = Outcome & { readonly frame: Frame };

/** Its data: `advance` is what its last step came to. */
export interface UserFunctionContext<Frame> {
  readonly id: string;
  readonly state: ProgramState<Frame>;
  readonly output?: UserFunctionOutput<Frame> | undefined;
  readonly request?: Request | undefined;
}

/** How user functions are run: all of a host but its registry. */
export type UserFunctionOptions<Frame> = Omit<ProgramHost<Frame>, 'registry'>;

/** `running` never rests, so a step runs at most this often through eventless transitions. */
const maxIterations = 10;

/**
 * The machine of a running user function.
 *
 * `running -> waiting -> running -> ... -> ended`
 *
 * Mistakes in user code that is no program (see `advance`) are thrown by its transitions.
 */
export function userFunctionMachine<Frame>(
  registry: FunctionRegistry,
  options: UserFunctionOptions<Frame>,
) {
  return setup({
    /* oxlint-disable typescript/no-unsafe-type-assertion -- how `setup` is told its types */
    types: {
      input: {} as UserFunctionInput<Frame>,
      context: {} as UserFunctionContext<Frame>,
      events: {} as UserFunctionEvent,
      output: {} as UserFunctionOutput<Frame>,
    },
    /* oxlint-enable typescript/no-unsafe-type-assertion */
    actions: {
      advance: assign(({ context }) =>
        afterStep(advance({ ...options, registry, state: context.state })),
      ),
      makeRequest: sendParent(({ context }) => ({
        type: 'request.made',
        call: context.id,
        request: context.request,
      })),
      takeAnswer: assign(({ context }, { value }: { readonly value: unknown }) => ({
        request: undefined,
        state: answer(context.state, { type: 'returned', value }),
      })),
      takeFailure: assign(({ context }, { error }: { readonly error: Failure }) => ({
        request: undefined,
        state: answer(context.state, { type: 'threw', error }),
      })),
    },
    guards: {
      hasEnded: ({ context }) => context.output !== undefined,
    },
  }).createMachine({
    id: 'user-function',
    // For whoever looks at a running function from outside; no machine reads it.
    meta: { host: { ...options, registry } },
    context: ({ input }) => ({ id: input.id, state: begin(input.call, input.frame) }),
    initial: 'running',
    options: { maxIterations },
    states: {
      running: {
        entry: 'advance',
        always: [{ guard: 'hasEnded', target: 'ended' }, { target: 'waiting' }],
      },
      waiting: {
        entry: 'makeRequest',
        on: {
          'request.answered': {
            target: 'running',
            actions: { type: 'takeAnswer', params: ({ event }) => event },
          },
          'request.failed': {
            target: 'running',
            actions: { type: 'takeFailure', params: ({ event }) => event },
          },
        },
      },
      ended: { type: 'final' },
    },
    output: ({ context }) => outputOf(context),
  });
}

function outputOf<Frame>({ output }: UserFunctionContext<Frame>): UserFunctionOutput<Frame> {
  invariant(output !== undefined, 'program/no-output', 'A function ended before it had a result.');
  return output;
}

function afterStep<Frame>(step: Advance<Frame>): Partial<UserFunctionContext<Frame>> {
  const { state } = step;
  switch (step.type) {
    case 'requested':
      return { state, request: step.request };
    case 'returned':
      return { state, output: { type: 'returned', value: step.value, frame: step.frame } };
    case 'threw':
      return { state, output: { type: 'threw', error: step.error, frame: step.frame } };
    default:
      return unreachable(step);
  }
}
