/** The names of the lanes, which stay in sight. */
import type { Store } from '../store.ts';
import { gutter, laneX } from './geometry.ts';
import type { Frame } from './geometry.ts';

/** One name above each lane. */
export function LaneHeads({ frame, store }: { readonly frame: Frame; readonly store: Store }) {
  const { lanes, parents } = store.diagram.value;
  return (
    <div class="heads">
      <span class="head-note">step · time</span>
      {lanes.map((name, lane) => {
        const x = laneX(frame, lane);
        return (
          <span
            key={name}
            class={store.actor.value === name ? 'head chosen' : 'head'}
            style={{
              left: `${x}px`,
              maxWidth: `${frame.laneWidth - 8}px`,
              visibility: x < gutter ? 'hidden' : 'visible',
            }}
          >
            {parents.has(name) && <Children name={name} store={store} />}
            <button
              type="button"
              class="head-name"
              title={`${name}: click to look inside`}
              onClick={() => {
                store.actor.value = name;
                store.tab.value = 'Actor';
              }}
            >
              {name.slice(name.indexOf('/') + 1)}
            </button>
          </span>
        );
      })}
    </div>
  );
}

/** Gives the threads and child actors of a node lanes of their own, or takes them away. */
function Children({ name, store }: { readonly name: string; readonly store: Store }) {
  const opened = store.openedLanes.value;
  const isOpen = opened.has(name);
  return (
    <button
      type="button"
      class="unfold"
      aria-expanded={isOpen}
      aria-label={`lanes for the threads and child actors of ${name}`}
      title={
        isOpen ? 'Fold its threads and child actors' : 'Lanes for its threads and child actors'
      }
      onClick={() => {
        const next = new Set(opened);
        if (!next.delete(name)) next.add(name);
        store.openedLanes.value = next;
      }}
    >
      {isOpen ? '▾' : '▸'}
    </button>
  );
}
