/**
 * A run as a space-time diagram: a lane for each node or actor, a row for each step, an arrow from the row
 * in which a message was sent to the row in which it came. Only data: whoever draws it sees what it needs.
 */
import { rootOf } from '../../../core/address.ts';
import { address } from '../../../core/brand.ts';
import type { Address } from '../../../core/brand.ts';
import { unreachable } from '../../../core/errors.ts';
import type { Choice } from '../../../kernel/choice.ts';
import type { EventObject } from '../../../kernel/effect.ts';
import { subjectOf } from '../../../kernel/names.ts';
import type { LossReason, Step } from '../../../kernel/step.ts';
import type { Label } from '../../../trace/words.ts';
import { plain } from '../../../trace/words.ts';

/** All that is drawn. */
export interface Diagram {
  readonly lanes: readonly string[];
  /** The nodes that have threads and other child actors, which may get lanes of their own. */
  readonly parents: ReadonlySet<string>;
  /** One for each step, by its number. */
  readonly marks: readonly Mark[];
  /** By the step in which they end, which is past the last one for those still under way. */
  readonly arrows: readonly Arrow[];
}

/** What a step is, on the lane where it happens; a split of the network is on none. */
export interface Mark {
  readonly step: number;
  readonly at: number;
  readonly lane: number;
  readonly kind:
    | 'start'
    | 'message'
    | 'inner'
    | 'work'
    | 'failed'
    | Exclude<Choice['type'], 'deliver' | 'fire'>
    | 'timer';
  readonly label: string;
  /** Whether the dullest choice was left here. */
  readonly isDeparture: boolean;
}

/** A message on its way. */
export interface Arrow {
  readonly name: string;
  readonly label: string;
  readonly event: EventObject;
  readonly fromLane: number;
  readonly toLane: number;
  readonly from: Address;
  readonly to: Address;
  /** The step that sent it. */
  readonly sent: number;
  /** The step in which it came or was lost; absent while it is under way. */
  readonly ended?: number;
  readonly lost?: LossReason;
  readonly isCopy?: true;
}

/** How it is drawn. */
export interface DiagramOptions {
  readonly label: Label;
  /** Nodes whose child actors have lanes of their own. */
  readonly opened: ReadonlySet<string>;
  readonly departures: ReadonlySet<number>;
}

/** The diagram of a run. */
export function diagramOf(steps: readonly Step[], options: DiagramOptions): Diagram {
  const lanes = createLanes(options.opened);
  for (const happening of steps[0]?.happened ?? []) {
    if (happening.type === 'started') lanes.of(happening.actor);
  }
  const post = createArrows(lanes, options.label);
  const marks = steps.map((step) => {
    post.note(step);
    return markOf(step, lanes, options);
  });
  return { arrows: post.all(), lanes: lanes.names(), marks, parents: lanes.parents() };
}

interface Lanes {
  readonly of: (at: string) => number;
  readonly names: () => readonly string[];
  readonly parents: () => ReadonlySet<string>;
}

function createLanes(opened: ReadonlySet<string>): Lanes {
  const known = new Map<string, number>();
  const parents = new Set<string>();
  return {
    names: () => [...known.keys()],
    of: (at) => {
      const root: string = rootOf(address(at));
      if (root !== at) parents.add(plain(root));
      const name = plain(opened.has(root) ? at : root);
      const lane = known.get(name) ?? known.size;
      known.set(name, lane);
      return lane;
    },
    parents: () => parents,
  };
}

interface Arrows {
  readonly note: (step: Step) => void;
  readonly all: () => readonly Arrow[];
}

function createArrows(lanes: Lanes, label: Label): Arrows {
  const underWay = new Map<string, Arrow>();
  const ended: Arrow[] = [];
  // On a persistent link a message stays, and may come again.
  const arrived = new Map<string, Arrow>();
  const end = (name: string, how: Partial<Arrow>): void => {
    const arrow = underWay.get(name);
    const before = arrived.get(name);
    if (arrow !== undefined) {
      underWay.delete(name);
      arrived.set(name, arrow);
      ended.push({ ...arrow, ...how });
    } else if (before !== undefined) ended.push({ ...before, ...how, isCopy: true });
  };
  return {
    all: () => [...ended, ...underWay.values()],
    note: ({ choice, happened, index }) => {
      if (choice !== undefined && (choice.type === 'deliver' || choice.type === 'drop')) {
        const [first] = happened;
        const lost = first?.type === 'lost' ? { lost: first.why } : {};
        end(subjectOf(choice.name), { ended: index, ...lost });
      }
      let last = '';
      for (const happening of happened) {
        if (happening.type === 'lost' && happening.why === 'rule') {
          end(last, { ended: index, lost: happening.why });
        }
        if (happening.type !== 'sent') continue;
        const { event, from, name, to } = happening;
        last = name;
        const ends = { fromLane: lanes.of(from), toLane: lanes.of(to) };
        const isCopy = choice?.type === 'duplicate' ? { isCopy: true as const } : {};
        const words = plain(label(event));
        underWay.set(name, {
          event,
          from,
          label: words,
          name,
          sent: index,
          to,
          ...ends,
          ...isCopy,
        });
      }
    },
  };
}

function markOf(step: Step, lanes: Lanes, { departures, label }: DiagramOptions): Mark {
  const { at, choice, happened, index } = step;
  const base = { at, isDeparture: departures.has(index), step: index };
  if (choice === undefined) return { ...base, kind: 'start', label: 'start', lane: -1 };
  const isFailed = happened.some(({ type }) => type === 'failed');
  switch (choice.type) {
    case 'deliver':
    case 'drop':
    case 'duplicate': {
      const lane = lanes.of(choice.type === 'duplicate' ? choice.from : choice.to);
      const isInner = lanes.of(choice.from) === lanes.of(choice.to);
      const received = isInner ? 'inner' : 'message';
      const kind = choice.type === 'deliver' ? received : choice.type;
      return { ...base, kind: isFailed ? 'failed' : kind, label: plain(label(choice.event)), lane };
    }
    case 'fire': {
      const kind = choice.after > 0 ? 'timer' : 'work';
      const lane = lanes.of(choice.actor);
      return { ...base, kind: isFailed ? 'failed' : kind, label: plain(label(choice.event)), lane };
    }
    case 'early':
    case 'input':
      return {
        ...base,
        kind: isFailed ? 'failed' : choice.type,
        label: plain(label(choice.event)),
        lane: lanes.of(choice.actor),
      };
    case 'crash':
    case 'pause':
    case 'restart':
    case 'resume':
      return { ...base, kind: choice.type, label: choice.type, lane: lanes.of(choice.node) };
    case 'partition':
    case 'heal':
      return {
        ...base,
        kind: choice.type,
        label: `${choice.type} ${plain(choice.partition)}`,
        lane: -1,
      };
    default:
      return unreachable(choice);
  }
}
