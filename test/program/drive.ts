/** How tests drive user code: a remote request `ask`, and a frame that counts local requests. */
import { canonical } from '../../src/core/canonical.ts';
import { digest, formatDigest } from '../../src/core/digest.ts';
import { advance } from '../../src/program/advance.ts';
import type { Advance, ProgramHost } from '../../src/program/advance.ts';
import { answer, begin } from '../../src/program/history.ts';
import type { Outcome } from '../../src/program/history.ts';
import type { LocalTable } from '../../src/program/local.ts';
import { perform } from '../../src/program/request.ts';
import type { Program, Request } from '../../src/program/request.ts';

export interface Counter {
  readonly count: number;
}

export const counting: LocalTable<Counter> = {
  'test.count': (frame) => ({ frame: { count: frame.count + 1 }, answer: frame.count }),
  'test.refuse': (frame) => ({ frame, thrown: { name: 'Refused', message: 'not here' } }),
};

export function ask(question: unknown): Program<number> {
  return perform<number>({ type: 'test.ask', question });
}

export function count(): Program<number> {
  return perform<number>({ type: 'test.count' });
}

export function refuse(): Program<never> {
  return perform<never>({ type: 'test.refuse' });
}

export type Host = ProgramHost<Counter>;

/** The first step of `fn`. */
export function start(host: Host, fn: string, args: readonly unknown[]): Advance<Counter> {
  return advance({ ...host, state: begin({ fn, args }, { count: 0 }) });
}

export function resume(
  host: Host,
  { state }: Advance<Counter>,
  outcome: Outcome,
): Advance<Counter> {
  return advance({ ...host, state: answer(state, outcome) });
}

export function returned(value: unknown): Outcome {
  return { type: 'returned', value };
}

export function threw(name: string, message: string): Outcome {
  return { type: 'threw', error: { name, message } };
}

/** Every step from the first on, one for each outcome and one more, unless it ends before. */
export function runAll(
  host: Host,
  first: Advance<Counter>,
  outcomes: readonly Outcome[],
): readonly Advance<Counter>[] {
  const steps = [first];
  let last = first;
  for (const outcome of outcomes) {
    if (last.type !== 'requested') break;
    last = resume(host, last, outcome);
    steps.push(last);
  }
  return steps;
}

export function questionOf(step: Advance<Counter>): unknown {
  return step.type === 'requested' ? questionIn(step.request) : undefined;
}

export function questionIn(request: Request): unknown {
  return 'question' in request ? request.question : undefined;
}

export function hashOf(value: unknown): string {
  return formatDigest(digest(canonical(value)));
}
