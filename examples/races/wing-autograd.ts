import type { Exhibit } from './exhibit.ts';

/** Distributed autograd and the engines of PyTorch. */
export const autogradWing: readonly Exhibit[] = [];
