/** For tests: runs as arbitraries of fast-check. */
export { fromEnvironment } from './environment.ts';
export { checkAllTapes, tapes } from './tapes.ts';
