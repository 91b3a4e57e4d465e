import type { Program } from '../../src/index.ts';
import { ask, gradMode } from '../ask.ts';
import type { Future } from '../types.ts';

/** A call of a function of PyTorch itself on a peer. */
export interface MemberCall {
  readonly args: readonly unknown[];
  readonly fn: string;
  /** In seconds. */
  readonly timeout?: number | undefined;
  /** The name of the peer. */
  readonly to: string;
}

/** Calls it and waits. */
export function* callMember<Answer>(call: MemberCall): Program<Answer> {
  return yield* ask<Answer>({ type: 'rpc.sync', ...(yield* partsOf(call)) });
}

/** Calls it; `wait` gives the answer. */
export function* callMemberAsync<Answer>(call: MemberCall): Program<Future<Answer>> {
  return yield* ask<Future<Answer>>({ type: 'rpc.async', ...(yield* partsOf(call)) });
}

function* partsOf({ args, fn, timeout, to }: MemberCall) {
  return {
    args,
    callee: { type: 'function', fn, isAsync: false } as const,
    gradMode: yield* gradMode(),
    timeout,
    to,
  };
}
