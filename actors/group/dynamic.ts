import type { Program } from '../../src/index.ts';
import { startJoining } from './join.ts';
import type { Joining } from './join.ts';

/** A member of a group that changes. */
export function* joinGroup(joining: Joining): Program<void> {
  yield* startJoining(joining, { isStatic: false });
}
