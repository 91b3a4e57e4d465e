import type { Exhibit } from './exhibit.ts';

/** Other systems. */
export const elsewhereWing: readonly Exhibit[] = [];
