/** Which messages are under way between nodes while a run is drawn, and which of them come late. */
import type { Choice } from '../kernel/choice.ts';
import { subjectOf } from '../kernel/names.ts';
import type { Step } from '../kernel/step.ts';
import type { Naming } from './rows.ts';
import { isWork } from './story.ts';

/** A message between nodes that had not arrived when the run ended. */
export interface InFlight {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** The mail of a run. */
export interface Post {
  readonly send: (step: Step) => void;
  /** The step in which a message was sent, where another of its link was sent later and came first. */
  readonly arrive: (choice: Choice) => number | undefined;
  /** Whether the timer was set to fire at once. */
  readonly isWork: (choice: Choice) => boolean;
  readonly left: () => readonly InFlight[];
}

/** An empty post. */
export function createPost({ label, laneOf }: Naming): Post {
  const underWay = new Map<string, InFlight & { readonly seq: number; readonly step: number }>();
  const work = new Set<string>();
  const newest = new Map<string, number>();
  let seq = 0;
  return {
    send: ({ happened, index }) => {
      let last = '';
      for (const happening of happened) {
        if (happening.type === 'sent') {
          seq += 1;
          last = happening.name;
          const [from, to] = [laneOf(happening.from), laneOf(happening.to)];
          const parcel = { from, to, label: label(happening.event), seq, step: index };
          underWay.set(last, parcel);
        }
        if (happening.type === 'scheduled' && isWork(happening)) {
          work.add(happening.name);
        }
        if (happening.type === 'lost' && happening.why === 'rule') underWay.delete(last);
      }
    },
    arrive: ({ name }) => {
      const key = subjectOf(name);
      const parcel = underWay.get(key);
      if (parcel === undefined) return undefined;
      underWay.delete(key);
      const link = `${parcel.from} ${parcel.to}`;
      const before = newest.get(link) ?? 0;
      newest.set(link, Math.max(before, parcel.seq));
      return before > parcel.seq ? parcel.step : undefined;
    },
    isWork: ({ name }) => work.has(subjectOf(name)),
    left: () => [...underWay.values()].filter(({ from, to }) => from !== to),
  };
}
