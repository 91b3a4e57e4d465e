/** For tests: runs, faults and programs as arbitraries of fast-check, matchers for vitest. */
export { drive, type Driven } from './drive.ts';
export { fromEnvironment } from './environment.ts';
export { faultPlans, type FaultPlanOptions } from './fault-plans.ts';
export type { Claim, HoldOptions } from './hold.ts';
export { matchers } from './matchers.ts';
export { programs, type ProgramOptions, type ProgramStep } from './programs.ts';
export { schedules, type Schedule } from './schedules.ts';
export { checkAllTapes, tapes } from './tapes.ts';
