/** Which send functions wait for gradients that cannot come, with the lines of user code that made them. */
import type { Run, System, World } from '../../src/index.ts';
import { runSystem, sizeOf, valuesOf } from '../../src/index.ts';
import type { UserCode } from '../user-code.ts';
import { hostOf } from '../user-code.ts';
import type { MadeBy } from './where-made.ts';
import { describeMade, whereMade } from './where-made.ts';
import { describeWaiting, waitingSends } from './why-waiting.ts';
import type { WaitingSend } from './why-waiting.ts';

/** A send function without its gradient, in words. */
export interface StuckSend extends WaitingSend {
  /** The call that made it; absent where no call of user code did. */
  readonly made?: MadeBy;
  readonly text: string;
}

/** A run of a cluster, and the code that its workers ran. */
export interface StuckOptions extends UserCode {
  readonly run: Pick<Run, 'steps' | 'tape' | 'world'>;
  readonly system: System;
}

/**
 * The send functions that wait at the end of a run or, if a call ran out of time before because of them, that
 * waited at that moment. Those that wait for others of them come last. None while anything is under way that
 * may still bring their gradients.
 */
export function stuckSends({ run, system, ...code }: StuckOptions): readonly StuckSend[] {
  const { tape, world } = run;
  const sends = causesFirst(firstTimedOut(system, run) ?? stuckIn(world));
  if (sends.length === 0) return [];
  const madeBy = whereMade(hostOf(code), { system, tape });
  return sends.map((send) => {
    const made = madeBy(send.autogradMessageId);
    const text = describeWaiting(send);
    return made === undefined
      ? { ...send, text }
      : { ...send, made, text: `${text}; ${describeMade(made)}` };
  });
}

function causesFirst(sends: readonly WaitingSend[]): readonly WaitingSend[] {
  return [...sends.filter((send) => !isEffect(send)), ...sends.filter(isEffect)];
}

function isEffect({ why }: WaitingSend): boolean {
  return why.type === 'waits-too';
}

/** Those that waited when a call first ran out of time while some did. */
function firstTimedOut(
  system: System,
  { steps, tape }: StuckOptions['run'],
): readonly WaitingSend[] | undefined {
  if (!steps.some(isTimeOut)) return undefined;
  let found: readonly WaitingSend[] | undefined;
  let before: World | undefined;
  runSystem(system, {
    tape,
    onStep: (step, world) => {
      const sends =
        found === undefined && before !== undefined && isTimeOut(step) ? stuckIn(before) : [];
      if (sends.length > 0) found = sends;
      before = world;
    },
  });
  return found;
}

function isTimeOut({ choice }: Run['steps'][number]): boolean {
  return choice?.type === 'fire' && choice.event.type === 'call.timed-out';
}

/** Those that wait in a world where nothing is left but to wait. */
function stuckIn(world: World): readonly WaitingSend[] {
  const isStill =
    sizeOf(world.links) === 0 &&
    valuesOf(world.timers).every((groups) =>
      groups.flat().every(({ events }) => events.every(isEnd)),
    );
  return isStill ? waitingSends(world) : [];
}

/** The timers that end a wait or send again what carries no gradient. */
const ends: readonly string[] = [
  'call.timed-out',
  'group.timed-out',
  'lease.over',
  'retry.due',
  'sweep.timed-out',
];

function isEnd({ type }: { readonly type: string }): boolean {
  return ends.includes(type);
}
