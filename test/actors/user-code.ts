import { distAutograd } from '../../actors/index.ts';
import type { ContextId } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';

/** The error that a program ends with, as text. */
export function* caught(program: Program<unknown>): Program<string> {
  try {
    return `no error but ${String(yield* program)}`;
  } catch (error) {
    return String(error);
  }
}

/** The gradient of a leaf that a context holds. */
export function* gradientOf(
  context: ContextId,
  leaf: Tensor,
): Program<readonly number[] | undefined> {
  return distAutograd.gradientOf(yield* distAutograd.getGradients(context), leaf)?.data;
}
