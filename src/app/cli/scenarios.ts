/** The systems that the command line knows by name. */
import { programOf } from './conform/programs.ts';
import type { Scenario } from './scenario.ts';
import { scenariosWith } from './scenarios/all.ts';

/** All of them, in the order in which they are listed. */
export const scenarios: Readonly<Record<string, Scenario>> = scenariosWith(programOf);
