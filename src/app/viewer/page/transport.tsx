/** The way through time: play, step, jump, undo, and the branches. */
import { useEffect } from 'preact/hooks';

import { jump, prolong, redo, stepBack, stepOn, undo, visit } from '../../walk/branches.ts';
import type { Exploration } from '../../walk/branches.ts';
import { endOf, isAtRest } from '../../walk/course.ts';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';
import type { Shown, Store } from './store.ts';

interface Props {
  readonly broken: ReadonlySet<number>;
  readonly shown: Shown;
  readonly store: Store;
}

/** Milliseconds between two steps while it plays. */
const pace = 450;

/** The bar below the diagram. */
export function Transport({ broken, shown: { at, course, opened }, store }: Props) {
  const { exploration } = opened;
  const end = endOf(course);
  const { isPlaying } = store;
  const isOver = at >= end && isAtRest(course);
  useEffect(() => {
    if (!isPlaying.value) return undefined;
    const timer = window.setTimeout(() => {
      if (isOver) isPlaying.value = false;
      else store.walk(stepOn);
    }, pace);
    return () => {
      window.clearTimeout(timer);
    };
  }, [isPlaying.value, at, isOver]);
  return (
    <footer class="transport">
      <Travel end={end} store={store} />
      <Slide broken={broken} end={end} store={store} />
      <output class="where">
        step <b>{at}</b> of {end}
        {!isAtRest(course) && (
          <button
            type="button"
            class="act"
            title="The run goes on"
            onClick={() => store.walk((now) => prolong(now))}
          >
            more
          </button>
        )}
      </output>
      <Detours exploration={exploration} store={store} />
    </footer>
  );
}

function Travel({ end, store }: { readonly end: number; readonly store: Store }) {
  const { isPlaying } = store;
  return (
    <div class="buttons" role="group" aria-label="Time travel">
      <Push
        label="To the start (Home)"
        sign="start"
        act={() => store.walk((now) => jump(now, 0))}
      />
      <Push label="Step back (←)" sign="back" act={() => store.walk(stepBack)} />
      <Push
        label={isPlaying.value ? 'Pause (space)' : 'Play (space)'}
        sign={isPlaying.value ? 'pause' : 'play'}
        act={() => {
          isPlaying.value = !isPlaying.value;
        }}
      />
      <Push label="Step (→)" sign="step" act={() => store.walk(stepOn)} />
      <Push label="To the end (End)" sign="end" act={() => store.walk((now) => jump(now, end))} />
    </div>
  );
}

function Slide({ broken, end, store }: Omit<Props, 'shown'> & { readonly end: number }) {
  const at = store.at.value;
  return (
    <div class="slide">
      <input
        type="range"
        id="position"
        aria-label="Step"
        aria-valuetext={`step ${at} of ${end}`}
        min={0}
        max={end}
        value={at}
        onInput={({ currentTarget }) => {
          store.walk((now) => jump(now, Number(currentTarget.value)));
        }}
      />
      {[...broken].map((step) => (
        <span
          key={step}
          class="flag"
          style={{ left: `${(100 * step) / Math.max(1, end)}%` }}
          title={`a property broke in step ${step}`}
        />
      ))}
    </div>
  );
}

function Detours({
  exploration,
  store,
}: {
  readonly exploration: Exploration;
  readonly store: Store;
}) {
  return (
    <>
      <div class="buttons">
        <Push
          label="Undo (u)"
          sign="undo"
          act={() => store.walk(undo)}
          isOff={exploration.past.length === 0}
        />
        <Push
          label="Redo (r)"
          sign="redo"
          act={() => store.walk(redo)}
          isOff={exploration.future.length === 0}
        />
        <Push
          label="From here on by chance (c)"
          sign="chance"
          act={() => store.wander(exploration.branches.length)}
        />
        <Push
          label="What led here, what comes of it (h)"
          sign="causes"
          isOn={store.showsCauses.value}
          act={() => {
            store.showsCauses.value = !store.showsCauses.value;
          }}
        />
      </div>
      {exploration.branches.length > 1 && (
        <label class="branches">
          branch{' '}
          <select
            value={String(exploration.here.branch)}
            onChange={({ currentTarget }) => {
              store.walk((now) => visit(now, Number(currentTarget.value)));
            }}
          >
            {exploration.branches.map(({ from }, index) => (
              <option key={index} value={String(index)}>
                {from === undefined
                  ? '0: as opened'
                  : `${index}: ${from.by} (after ${from.at} of ${from.branch})`}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}

interface PushProps {
  readonly act: () => void;
  readonly isOff?: boolean;
  readonly isOn?: boolean;
  readonly label: string;
  readonly sign: IconName;
}

function Push({ act, isOff = false, isOn, label, sign }: PushProps) {
  return (
    <button
      type="button"
      class="push"
      aria-label={label}
      title={label}
      aria-pressed={isOn}
      disabled={isOff}
      onClick={act}
    >
      <Icon name={sign} />
    </button>
  );
}
