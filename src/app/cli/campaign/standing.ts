/** How far a campaign has come: which schedules are done, and what they have shown. */
import { joinFindings, noFindings } from '../../../explore/campaign/findings.ts';
import type { Findings } from '../../../explore/campaign/findings.ts';
import { isApart, sizeOf, withSpan } from '../../../explore/campaign/ranges.ts';
import type { Span, Spans } from '../../../explore/campaign/ranges.ts';
import type { Plan, Stream } from './plan.ts';
import { streamsOf } from './plan.ts';

/** What is known of a stream. */
export interface StreamState {
  readonly done: Spans;
  readonly findings: Findings;
  /** Milliseconds that its schedules took. */
  readonly ms: number;
}

/** Findings of a range of a stream. */
export interface Done extends Omit<StreamState, 'done'>, Span {
  readonly stream: string;
}

/** A mistake of a scenario, which ends its part of the campaign. */
export interface Mistake {
  readonly code: string;
  readonly entry: number;
  readonly message: string;
}

/** How far a campaign has come. */
export interface Standing {
  /** Takes findings in; `false` where some of these schedules are counted already, and nothing is. */
  readonly add: (done: Done) => boolean;
  readonly fail: (mistake: Mistake) => void;
  readonly mistakes: () => readonly Mistake[];
  readonly plan: Plan;
  readonly restore: (states: Readonly<Record<string, StreamState>>) => void;
  readonly schedules: () => number;
  readonly stateOf: (key: string) => StreamState;
  readonly states: () => Readonly<Record<string, StreamState>>;
  readonly streams: readonly Stream[];
}

const nothing: StreamState = { done: [], findings: noFindings, ms: 0 };

/** A campaign that has not begun. */
export function createStanding(plan: Plan): Standing {
  const streams = streamsOf(plan);
  const keys = new Set(streams.map(({ key }) => key));
  const states = new Map<string, StreamState>();
  const mistakes = new Map<number, Mistake>();
  const stateOf = (key: string): StreamState => states.get(key) ?? nothing;
  return {
    add: ({ end, findings, from, ms, stream }) => {
      const state = stateOf(stream);
      if (!keys.has(stream) || !isApart(state.done, { end, from })) return false;
      states.set(stream, {
        done: withSpan(state.done, { end, from }),
        findings: joinFindings(state.findings, findings),
        ms: state.ms + ms,
      });
      return true;
    },
    fail: (mistake) => {
      if (!mistakes.has(mistake.entry)) mistakes.set(mistake.entry, mistake);
    },
    mistakes: () => [...mistakes.values()],
    plan,
    restore: (known) => {
      for (const [key, state] of Object.entries(known)) if (keys.has(key)) states.set(key, state);
    },
    schedules: () => [...states.values()].reduce((sum, { done }) => sum + sizeOf(done), 0),
    stateOf,
    states: () => Object.fromEntries(states),
    streams,
  };
}
