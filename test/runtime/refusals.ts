import type { AnyActorLogic } from 'xstate';

import { defineSystem, runSystem } from '../../src/index.ts';
import type { EventObject, System } from '../../src/index.ts';

/** The code and the message of what `run` throws. */
export function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return `${(error as { readonly code?: string }).code}: ${(error as Error).message}`;
  }
  return 'nothing was thrown';
}

export function systemWith(machine: AnyActorLogic, ...events: readonly EventObject[]): System {
  return defineSystem({
    name: 'purity',
    actors: [{ address: 'rm1', inputs: events.map((event) => ({ budget: 1, event })), machine }],
  });
}

/** Runs with all inputs, each once. */
export function runAll(machine: AnyActorLogic, ...events: readonly EventObject[]): void {
  runSystem(systemWith(machine, ...events), { chooser: (options) => options.length - 1 });
}

/** What it would do, it would do outside. */
export function nothing(): void {
  // Nobody looks.
}
