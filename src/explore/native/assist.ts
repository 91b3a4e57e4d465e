/** What a thread does that helps a search. */
import { createCore } from './core.ts';
import type { Ground } from './core.ts';
import * as field from './fields.ts';
import { ownAt } from './hands.ts';

const stride = 1 << 10;
const [pauseMs, sleepMs] = [1, 100];

/** Helps the search over some ground as the party of that number, until it is over. */
export function assist(ground: Ground, party: number): void {
  const words = new Int32Array(ground.memory.buffer);
  const isOver = field.headAt / 4 + field.isOver;
  const status = ownAt(party) + field.status;
  try {
    const core = createCore(ground, party);
    core.report();
    while (Atomics.load(words, isOver) === 0) {
      if (Atomics.load(words, status) !== field.running) {
        Atomics.wait(words, status, field.halted, sleepMs);
      } else if (core.help(stride) === field.ofPost) {
        Atomics.wait(words, status, field.running, pauseMs);
      }
    }
  } catch (error) {
    mourn(ground, party);
    throw error;
  }
}

/** Says that a helper has ended before all was over. */
function mourn({ memory }: Ground, party: number): void {
  const words = new Int32Array(memory.buffer);
  const signal = field.headAt / 4 + field.signal;
  Atomics.store(words, ownAt(party) + field.status, field.failed);
  Atomics.add(words, signal, 1);
  Atomics.notify(words, signal);
}
