/** What each key does. Where somebody writes, keys write. */
import { courseOf, jump, redo, stepBack, stepOn, undo, visit } from '../../walk/branches.ts';
import { endOf } from '../../walk/course.ts';
import { zoomed } from './diagram/space-time.tsx';
import type { Store } from './store.ts';
import { toggleTheme } from './theme.ts';

/** Listens to keys as long as the page lives. */
export function listenToKeys(store: Store): void {
  const actions = actionsOf(store);
  window.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || store.dialog.value !== undefined) return;
    if (isWriting(event.target)) return;
    const { key } = event;
    if (key >= '1' && key <= '9') {
      const own = store.moment.value?.choices[Number(key) - 1];
      if (own !== undefined) store.choose(own.choice.name);
      return;
    }
    const action = Object.hasOwn(actions, key) ? actions[key] : undefined;
    // Space and Enter press the button that has the focus.
    if (action === undefined || (key === ' ' && event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    action();
  });
}

function actionsOf(store: Store): Readonly<Record<string, () => void>> {
  const step = () => store.walk(stepOn);
  const back = () => store.walk(stepBack);
  const zoom = (direction: 1 | -1) => () => {
    store.rowHeight.value = zoomed(store.rowHeight.value, direction);
  };
  const other = (by: number) => () => store.walk((now) => visit(now, now.here.branch + by));
  return {
    ' ': () => {
      store.isPlaying.value = !store.isPlaying.value;
    },
    '+': zoom(1),
    '-': zoom(-1),
    '/': () => document.querySelector<HTMLElement>('#filter')?.focus(),
    '=': zoom(1),
    '?': () => {
      store.dialog.value = 'help';
    },
    ArrowLeft: back,
    ArrowRight: step,
    End: () => store.walk((now) => jump(now, endOf(courseOf(now)))),
    Home: () => store.walk((now) => jump(now, 0)),
    '[': other(-1),
    ']': other(1),
    c: () => {
      store.wander(store.opened.value?.exploration.branches.length ?? 1);
    },
    g: () => {
      store.dialog.value = 'gallery';
    },
    h: () => {
      store.showsCauses.value = !store.showsCauses.value;
    },
    n: step,
    o: () => document.querySelector<HTMLElement>('#file')?.click(),
    p: back,
    r: () => store.walk(redo),
    t: () => {
      store.theme.value = toggleTheme();
    },
    u: () => store.walk(undo),
  };
}

function isWriting(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement)
    return target.type === 'search' || target.type === 'range';
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
