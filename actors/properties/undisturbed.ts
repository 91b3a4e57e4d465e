import type { WorkerContext } from '../../machines/rpc/context.ts';
import { defineSystem, runSystem } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';
import { workersOf } from '../view.ts';

// The run is the shortest there is; a program that takes longer is not held against it.
const stepsMax = 100_000;

/**
 * How the workers end by the run in which nothing goes wrong and messages arrive in order: made when first
 * asked for. Nobody, where that run does not end.
 */
export function endsUndisturbed(definition: SystemDefinition): () => readonly WorkerContext[] {
  let ends: readonly WorkerContext[] | undefined;
  return () => {
    ends ??= endsOf(definition);
    return ends;
  };
}

function endsOf(definition: SystemDefinition): readonly WorkerContext[] {
  const { ended, world } = runSystem(defineSystem(definition), { stepsMax });
  return ended === 'quiescent' ? workersOf(world) : [];
}
