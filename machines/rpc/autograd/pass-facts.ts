/** What a turn of a local pass leaves in the process. */
import { getIn, setIn } from '../../../src/core/persistent-map.ts';
import { accumulate, accumulateRecorded } from '../../engine/accumulate.ts';
import type { Frame } from '../../engine/frame.ts';
import type { LocalTurn } from '../../engine/local-pass.ts';
import { releasedAfter } from '../../engine/local-pass.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import type { LocalPassOfThread } from './local-engine.ts';
import { putLocalPass } from './local-engine.ts';

/** A turn of a pass. */
export interface Turned {
  readonly name: string;
  readonly running: LocalPassOfThread;
  readonly turned: LocalTurn;
}

/** The worker after a turn, and where recording stands. */
export interface Kept {
  readonly context: WorkerContext;
  readonly recorded: { readonly frame?: Frame };
}

/** Gradients go to `.grad`, and the pass waits for its next turn. */
export function keepFacts(context: WorkerContext, { name, running: before, turned }: Turned): Kept {
  const { facts } = turned;
  let { pass } = turned;
  let { grads } = context.local;
  let unstored: LocalPassOfThread['unstored'];
  for (const fact of facts) {
    if (fact.type !== 'gradient.captured') continue;
    const { recording } = pass.task;
    if (recording !== undefined) {
      const summed = accumulateRecorded(grads, fact, recording);
      grads = summed.gradients;
      pass = { ...pass, task: { ...pass.task, recording: summed.frame } };
      continue;
    }
    const sums = accumulate(grads, fact);
    if (isOn(context.switches, 'engine.accumulateNoLock')) {
      const { variable } = fact;
      unstored = { sum: getIn(sums, variable) ?? fact.grad, variable };
    } else grads = sums;
  }
  const released = releasedAfter(context.local.released, facts);
  const now = { ...context, local: { ...context.local, grads, released } };
  const { unstored: _, ...rest } = before;
  const running = { ...rest, pass, ...(unstored === undefined ? {} : { unstored }) };
  return { context: putLocalPass(now, name, running), recorded: recordedIn({ pass }) };
}

/** Where leaves have no lock, the sum is stored in a section of its own. */
export function storeSum(
  context: WorkerContext,
  { unstored }: Pick<LocalPassOfThread, 'unstored'>,
): WorkerContext {
  if (unstored === undefined) return context;
  const grads = setIn(context.local.grads, unstored.variable, unstored.sum);
  return { ...context, local: { ...context.local, grads } };
}

/** Where recording stands, if the pass records. */
export function recordedIn({ pass }: Pick<LocalTurn, 'pass'>): { readonly frame?: Frame } {
  const { recording } = pass.task;
  return recording === undefined ? {} : { frame: recording };
}
