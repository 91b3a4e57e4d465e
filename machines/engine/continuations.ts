/**
 * A pass whose nodes lie on several devices, without the thread that takes what goes back from a device to the CPU: a
 * thread of the CPU ends with its queue, and what a device hands it then stays for ever.
 *
 * @see PyTorch, `dist_engine.cpp`, Note [GPU to CPU continuations].
 */
import { hasIn, getIn, setIn } from '../../src/core/persistent-map.ts';
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import type { LoopId } from './ids.ts';
import { loopId } from './ids.ts';
import type { ReadyQueue } from './ready-queue.ts';
import { deviceOf, emptyQueue, noDevice, push, sortOut } from './ready-queue.ts';

/** The loops of a pass after one of them has handed on what lies elsewhere. */
export interface HandedOn {
  readonly loops: PersistentMap<ReadyQueue>;
  readonly queue: ReadyQueue;
  /** The loops that begin to run by that. */
  readonly started: readonly LoopId[];
}

const between = '@';

/** What became ready in `loop` goes to the loop of its device, or back to the one that it came from. */
export function handOn(
  before: PersistentMap<ReadyQueue>,
  { loop, queue: mixed }: { readonly loop: LoopId; readonly queue: ReadyQueue },
): HandedOn {
  const [origin = loop, here = noDevice] = loop.split(between);
  const { elsewhere, queue } = sortOut(mixed, (task) => deviceOf(task) !== here);
  let loops = before;
  const started: LoopId[] = [];
  for (const task of elsewhere) {
    const device = deviceOf(task);
    const target = loopId(device === noDevice ? origin : `${origin}${between}${device}`);
    const isRunning = hasIn(loops, target);
    // A thread of the CPU that has ended takes nothing any more.
    if (!isRunning && device === noDevice) continue;
    if (!isRunning) started.push(target);
    loops = setIn(loops, target, push(getIn(loops, target) ?? emptyQueue, task));
  }
  return { loops, queue, started };
}
