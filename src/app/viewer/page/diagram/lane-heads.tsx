/** The names of the lanes, which stay in sight; a click opens the child actors of a node. */
import type { Store } from '../store.ts';
import { laneX } from './geometry.ts';
import type { Frame } from './geometry.ts';

/** One name above each lane. */
export function LaneHeads({ frame, store }: { readonly frame: Frame; readonly store: Store }) {
  const { lanes } = store.diagram.value;
  const opened = store.openedLanes.value;
  const toggle = (name: string) => {
    const [root = name] = name.split('/');
    const next = new Set(opened);
    if (!next.delete(root)) next.add(root);
    store.openedLanes.value = next;
  };
  return (
    <div class="heads">
      <span class="head-note">step · time</span>
      {lanes.map((name, lane) => {
        const x = laneX(frame, lane);
        const isChild = name.includes('/');
        return (
          <button
            type="button"
            key={name}
            class={store.actor.value === name ? 'head chosen' : 'head'}
            style={{
              left: `${x}px`,
              maxWidth: `${frame.laneWidth - 8}px`,
              visibility: x < 92 ? 'hidden' : 'visible',
            }}
            title={`${name}: click to look inside, double click for its threads and child actors`}
            onClick={() => {
              store.actor.value = name;
              store.tab.value = 'Actor';
            }}
            onDblClick={() => {
              toggle(name);
            }}
          >
            {isChild ? name.slice(name.indexOf('/') + 1) : name}
          </button>
        );
      })}
    </div>
  );
}
