/** Changes whenever `npm run core` has to be run again. */
export function digestOfSources(): string;
