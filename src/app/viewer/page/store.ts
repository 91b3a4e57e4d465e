/** What the page shows, as signals, and all that a person can do to it. */
import { batch, computed, signal } from '@preact/signals';
import type { ReadonlySignal, Signal } from '@preact/signals';

import { messageOf, SimulationError } from '../../../core/errors.ts';
import { randomWalk } from '../../../explore/strategies/random-walk.ts';
import type { Choice } from '../../../kernel/choice.ts';
import { plain, typeOf } from '../../../trace/words.ts';
import type { Label } from '../../../trace/words.ts';
import { eager } from '../../cli/eager.ts';
import { rpcLabel } from '../../cli/rpc-label.ts';
import * as walks from '../../walk/branches.ts';
import { aroundOf, causesOf } from '../../walk/causes.ts';
import type { Around } from '../../walk/causes.ts';
import { cutAfter, goOn, worldAt } from '../../walk/course.ts';
import type { Course } from '../../walk/course.ts';
import type { Fates } from '../../walk/fate/fates.ts';
import { formatBookmark, parseBookmark } from '../model/bookmark.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { isCluster } from '../model/cluster.ts';
import { diagramOf } from '../model/diagram.ts';
import type { Diagram } from '../model/diagram.ts';
import { huntFor } from '../model/hunt.ts';
import { choiceFor, kindsFor, momentAt } from '../model/moment.ts';
import type { Moment } from '../model/moment.ts';
import { bookmarkOf, allowing, openBookmark, openScenario, openTrace } from '../model/opening.ts';
import type { Opened, Request } from '../model/opening.ts';
import { inSlices } from './slices.ts';
import type { Theme } from './theme.ts';

/** The panels beside the diagram. */
export const tabs = [
  'Next',
  'Story',
  'Picture',
  'Actor',
  'Code',
  'RRefs',
  'Autograd',
  'Properties',
] as const;
/** A panel. */
export type Tab = (typeof tabs)[number];

/** What is open, with all that follows from it. */
export interface Shown {
  readonly opened: Opened;
  readonly course: Course;
  readonly at: number;
  readonly label: Label;
  /** Whether it is a cluster of workers, whose references and passes can be drawn. */
  readonly isCluster: boolean;
}

/** Work that takes its time. */
export interface Busy {
  /** From 0 to 1; absent where nobody knows. */
  readonly done: number | undefined;
  readonly stop?: () => void;
  readonly words: string;
}

/** What there is to see, and to do. */
export interface Store {
  readonly catalogue: Catalogue;
  readonly opened: ReadonlySignal<Opened | undefined>;
  readonly shown: ReadonlySignal<Shown | undefined>;
  readonly course: ReadonlySignal<Course | undefined>;
  readonly at: ReadonlySignal<number>;
  readonly diagram: ReadonlySignal<Diagram>;
  readonly moment: ReadonlySignal<Moment | undefined>;
  /** What happened before the step and after it, where that is asked for. */
  readonly around: ReadonlySignal<Around | undefined>;
  /** Long work, in words, and which share of it is done. */
  readonly busy: Signal<Busy | undefined>;
  readonly error: Signal<string>;
  /** How what can come is divided along the run, once that was asked. */
  readonly fates: Signal<Fates | undefined>;
  readonly filter: Signal<string>;
  readonly openedLanes: Signal<ReadonlySet<string>>;
  readonly actor: Signal<string | undefined>;
  readonly showsCauses: Signal<boolean>;
  readonly isPlaying: Signal<boolean>;
  readonly dialog: Signal<'gallery' | 'help' | undefined>;
  readonly tab: Signal<Tab>;
  readonly rowHeight: Signal<number>;
  /** The one in force: canvases are drawn anew with its colours. */
  readonly theme: Signal<Theme>;
  readonly walk: (move: (exploration: walks.Exploration) => walks.Exploration) => void;
  readonly choose: (name: string) => void;
  readonly act: (type: Choice['type'], subject: string) => void;
  /** Looks for a run that breaks the property, and goes there. */
  readonly hunt: (property: string) => void;
  readonly wander: (seed: number) => void;
  readonly openRequest: (request: Request) => void;
  readonly openText: (text: string) => void;
  /** The same, after the page has said that it is at it. */
  readonly openFile: (text: string) => Promise<void>;
  readonly openHash: (hash: string) => void;
}

/** The store of one page. */
export function createStore(catalogue: Catalogue, onMove: (hash: string) => void): Store {
  const opened = signal<Opened | undefined>(undefined);
  const settings = settingsAtFirst();
  const { actor, busy, error, openedLanes, showsCauses } = settings;
  const course = computed(() => opened.value && walks.courseOf(opened.value.exploration));
  const at = computed(() => opened.value?.exploration.here.at ?? 0);
  const attempt = (act: () => Opened | undefined): void => {
    try {
      const next = act();
      // Whoever does something else does not wait for it any more.
      busy.value?.stop?.();
      batch(() => {
        error.value = '';
        opened.value = next;
      });
      const bookmark = next && formatBookmark(bookmarkOf(next));
      onMove(bookmark ?? '');
    } catch (thrown) {
      error.value = plain(messageOf(thrown));
    }
  };
  const open = (act: () => Opened): void => {
    attempt(() => {
      const next = act();
      batch(() => {
        openedLanes.value = new Set();
        actor.value = undefined;
      });
      return next;
    });
  };
  const change = (act: (now: Opened) => Opened): void => {
    attempt(() => opened.value && act(opened.value));
  };
  return {
    ...settings,
    ...derived({ at, course, openedLanes, opened, showsCauses }),
    act: (type, subject) => change((now) => acted(now, type, subject)),
    at,
    catalogue,
    choose: (name) =>
      change((now) => ({ ...now, exploration: walks.choose(now.exploration, name, onwards) })),
    course,
    hunt: (property) => hunt({ attempt, busy, opened }, property),
    openHash: (hash) => {
      attempt(() => {
        const bookmark = parseBookmark(hash);
        return bookmark === undefined ? opened.value : openBookmark(catalogue, bookmark);
      });
    },
    openRequest: (request) => open(() => openScenario(catalogue, request)),
    openFile: async (text) => {
      busy.value = { done: undefined, words: 'Making the run of this trace' };
      await nextPicture();
      busy.value = undefined;
      open(() => openTrace(catalogue, text));
    },
    openText: (text) => open(() => openTrace(catalogue, text)),
    opened,
    walk: (move) => change((now) => ({ ...now, exploration: move(now.exploration) })),
    wander: (seed) => change((now) => wandered(now, seed)),
  };
}

/** What a person sets, and what the page says, before anything was done. */
function settingsAtFirst() {
  return {
    actor: signal<string | undefined>(undefined),
    busy: signal<Busy | undefined>(undefined),
    dialog: signal<'gallery' | 'help' | undefined>(undefined),
    error: signal(''),
    fates: signal<Fates | undefined>(undefined),
    filter: signal(''),
    isPlaying: signal(false),
    openedLanes: signal<ReadonlySet<string>>(new Set()),
    rowHeight: signal(28),
    showsCauses: signal(false),
    tab: signal<Tab>('Next'),
    theme: signal<Theme>('light'),
  };
}

/** When what was said before can be seen. */
async function nextPicture(): Promise<void> {
  await new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
  });
}

function labelOf({ scenario }: Opened, course: Course): Label {
  return scenario.label ?? (isCluster(worldAt(course, 0)) ? rpcLabel : typeOf);
}

/** After a fork a run goes on by itself for so many steps. */
const onwards = { stepsMax: 500 };

type Sources = Pick<Store, 'at' | 'course' | 'opened' | 'openedLanes' | 'showsCauses'>;

function derived({ at, course, opened, openedLanes, showsCauses }: Sources) {
  const diagram = computed(() => {
    const [made, now] = [course.value, opened.value];
    if (made === undefined || now === undefined)
      return { arrows: [], lanes: [], marks: [], parents: new Set<string>() };
    return diagramOf(made.steps, {
      departures: new Set(made.departures.map(({ step }) => step)),
      label: labelOf(now, made),
      opened: openedLanes.value,
    });
  });
  const causes = computed(() => (course.value === undefined ? [] : causesOf(course.value.steps)));
  return {
    around: computed(() => (showsCauses.value ? aroundOf(causes.value, at.value) : undefined)),
    diagram,
    moment: computed(() => course.value && momentAt(course.value, at.value)),
    shown: computed((): Shown | undefined => {
      const [made, now] = [course.value, opened.value];
      if (made === undefined || now === undefined) return undefined;
      return {
        at: at.value,
        course: made,
        isCluster: isCluster(worldAt(made, 0)),
        label: labelOf(now, made),
        opened: now,
      };
    }),
  };
}

/** A fault or a turn for one message, timer or node; what is not allowed yet is allowed first. */
function acted(now: Opened, type: Choice['type'], subject: string): Opened {
  const { at } = now.exploration.here;
  const find = (opened: Opened) =>
    choiceFor(walks.courseOf(opened.exploration), at, { subject, type });
  const ready = find(now) === undefined ? allowing(now, kindsFor(type)) : now;
  const choice = find(ready);
  if (choice === undefined) return ready;
  return { ...ready, exploration: walks.choose(ready.exploration, choice.name, onwards) };
}

interface Hunting extends Pick<Store, 'busy' | 'opened'> {
  readonly attempt: (act: () => Opened | undefined) => void;
}

/** Looks for a run that breaks the property, and makes it a branch from the start. */
function hunt({ attempt, busy, opened }: Hunting, name: string): void {
  const now = opened.value;
  const property = now?.stated.definition.properties?.find((one) => one.name === name);
  if (now === undefined || property === undefined) return;
  busy.value?.stop?.();
  const seed = now.exploration.branches.length;
  const over = (act: () => Opened | undefined): void => {
    busy.value = undefined;
    attempt(act);
  };
  const cancel = inSlices(huntFor(now.stated, property, seed), {
    onDone: (course) => over(() => hunted(now, name, course)),
    onError: (thrown) =>
      over(() => {
        throw thrown;
      }),
    onSlice: (done) => {
      busy.value = { done, stop, words: `Looking for a run that breaks “${name}”` };
    },
  });
  const stop = (): void => {
    cancel();
    busy.value = undefined;
  };
}

/** @throws {SimulationError} `viewer/none-found`. */
function hunted(now: Opened, name: string, course: Course | undefined): Opened {
  if (course === undefined) {
    throw new SimulationError(
      'viewer/none-found',
      `None of many random runs breaks "${name}". Look further with "orrery check ${now.name}".`,
    );
  }
  const start = walks.jump(now.exploration, 0);
  const forked = walks.forked(start, course, `breaks "${name}"`);
  return { ...now, exploration: walks.jump(forked, course.steps.length - 1) };
}

/** Another course from here on, by chance. */
function wandered(now: Opened, seed: number): Opened {
  const { exploration } = now;
  const course = walks.courseOf(exploration);
  const { at } = exploration.here;
  const drawn = goOn(cutAfter(course, at), { ...onwards, chooser: eager(randomWalk(seed)) });
  return { ...now, exploration: walks.forked(exploration, drawn, `chance, seed ${seed}`) };
}
