/** What `expect.extend(matchers)` adds to vitest. */
import type { MatcherResult } from 'vitest';

import type { Property } from '../runtime/property.ts';
import { holds, reaches } from './hold.ts';
import type { Claim, HoldOptions } from './hold.ts';

declare module 'vitest' {
  interface Matchers<T> {
    /**
     * Holds all that is claimed, or all properties that the system carries: in all its worlds, or in as
     * many `schedules` as are given. Where it does not, the message tells the smallest run that was found.
     */
    readonly toHold: (claim?: Claim, options?: HoldOptions) => Promise<void>;
    /** Comes to a world that is as claimed. */
    readonly toReach: (goal: Property | string, options?: HoldOptions) => Promise<void>;
  }
}

/** For `expect.extend(matchers)`: `toHold` and `toReach`. */
export const matchers: {
  readonly toHold: (received: unknown, claim?: Claim, options?: HoldOptions) => MatcherResult;
  readonly toReach: (
    received: unknown,
    goal: Property | string,
    options?: HoldOptions,
  ) => MatcherResult;
} = {
  toHold: async (received, claim, options) => holds(received, claim, options),
  toReach: async (received, goal, options) => reaches(received, goal, options),
};
