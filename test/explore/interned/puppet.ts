import {
  assign,
  cancel,
  emit,
  enqueueActions,
  raise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate';
import type { AnyActorLogic } from 'xstate';

/** Something that a puppet does when it is told to. */
export type Deed =
  | {
      readonly do: 'send';
      readonly event: string;
      /** `parent`, `./child`, an address, or another name. */
      readonly to: string;
      readonly delay?: number;
      readonly id?: string;
    }
  | { readonly do: 'raise'; readonly event: string; readonly delay: number; readonly id?: string }
  | { readonly do: 'cancel' | 'stop'; readonly id: string }
  | { readonly do: 'spawn'; readonly part: string; readonly id: string; readonly systemId?: string }
  | { readonly do: 'emit'; readonly event: string }
  | { readonly do: 'count' | 'fail' };

/** What a puppet does in a state when an event comes. */
export interface Row {
  readonly deeds?: readonly Deed[];
  readonly target?: string;
}

/** A machine as a table: what it does on entry, and on each event in each state. */
export interface Part {
  readonly entry?: readonly Deed[];
  readonly states: Readonly<Record<string, Readonly<Record<string, Row>>>>;
}

/** All that may be spawned, by name: tables, or any other logic. */
export type Cast = Readonly<Record<string, Part | AnyActorLogic>>;

/** The machine of a part. An empty state called `done` is final; the first one is where it begins. */
export function puppet(name: string, cast: Cast): AnyActorLogic {
  const part = cast[name];
  if (part === undefined || !('states' in part) || 'transition' in part)
    return part as AnyActorLogic;
  const { entry = [], states } = part;
  const names = new Set(deedsOf(part).flatMap((deed) => (deed.do === 'spawn' ? [deed.part] : [])));
  const actors = Object.fromEntries([...names].map((child) => [child, puppet(child, cast)]));
  return setup({ actors, types: { context: {} as { readonly n: number } } }).createMachine({
    id: name,
    context: { n: 0 },
    entry: entry.map(actionOf) as never,
    initial: Object.keys(states)[0] ?? 'done',
    states: Object.fromEntries(
      Object.entries(states).map(([state, rows]) => [
        state,
        {
          ...(state === 'done' && Object.keys(rows).length === 0 ? { type: 'final' } : {}),
          on: Object.fromEntries(
            Object.entries(rows).map(([event, row]) => [event, transitionOf(row)]),
          ),
        },
      ]),
    ) as never,
    output: ({ context }: { readonly context: { readonly n: number } }) => context.n,
  } as never) as AnyActorLogic;
}

function deedsOf({ entry = [], states }: Part): readonly Deed[] {
  const rows = Object.values(states).flatMap((state) => Object.values(state));
  return [...entry, ...rows.flatMap(({ deeds = [] }) => deeds)];
}

function transitionOf({ deeds = [], target }: Row): object {
  return { actions: deeds.map(actionOf), ...(target === undefined ? {} : { target }) };
}

function actionOf(deed: Deed): unknown {
  switch (deed.do) {
    case 'send': {
      const options = { ...only('delay', deed.delay), ...only('id', deed.id) } as never;
      if (deed.to === 'parent') return sendParent({ type: deed.event }, options);
      if (deed.to.startsWith('./')) return sendTo(deed.to.slice(2), { type: deed.event }, options);
      return sendTo(
        ({ system }) => system.get(deed.to) as never,
        { type: deed.event } as never,
        options,
      );
    }
    case 'raise':
      return raise({ type: deed.event }, { delay: deed.delay, ...only('id', deed.id) });
    case 'cancel':
      return cancel(deed.id);
    case 'stop':
      return stopChild(deed.id);
    case 'spawn':
      return spawnChild(deed.part, { id: deed.id, ...only('systemId', deed.systemId) });
    case 'emit':
      return emit({ type: deed.event });
    case 'count':
      return assign({ n: ({ context }) => ((context as { readonly n: number }).n + 1) % 3 });
    default:
      return enqueueActions(() => {
        throw new Error('as told');
      });
  }
}

function only(key: string, value: unknown): object {
  return value === undefined ? {} : { [key]: value };
}
