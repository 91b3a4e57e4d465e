/** The page starts: with the run of its address, with a trace that it brings along, or with the gallery. */
import { render } from 'preact';

import programs from '../../../../examples/conformance/programs.jsonl?raw';
import { embeddedModuleId, embeddedTraceId, moduleGlobal } from '../embedded.ts';
import { createCatalogue, withOwn } from '../model/catalogue.ts';
import type { OwnModule } from '../model/catalogue.ts';
import { App } from './app.tsx';
import { listenToKeys } from './keys.ts';
import { createStore } from './store.ts';
import { watchTheme } from './theme.ts';

function start(): void {
  const place = document.querySelector('#orrery');
  if (place === null) return;
  let own = '';
  const known = createCatalogue(programs);
  const mine = ownModule();
  const store = createStore(mine === undefined ? known : withOwn(known, mine), (hash) => {
    own = hash;
    window.history.replaceState(undefined, '', hash === '' ? ' ' : `#${hash}`);
  });
  const embedded = document.querySelector(`#${embeddedTraceId}`)?.textContent?.trim() ?? '';
  if (window.location.hash.length > 1) store.openHash(window.location.hash);
  else if (embedded !== '') store.openText(embedded);
  window.addEventListener('hashchange', () => {
    const { hash } = window.location;
    if (hash.slice(1) !== own) store.openHash(hash);
  });
  watchTheme((theme) => {
    store.theme.value = theme;
  });
  listenToKeys(store);
  place.replaceChildren();
  render(<App store={store} />, place);
}

/** The system that the page brings along, and what it is called. */
function ownModule(): OwnModule | undefined {
  const name = document.querySelector<HTMLElement>(`#${embeddedModuleId}`)?.dataset['name'];
  return name === undefined ? undefined : { exports: Reflect.get(globalThis, moduleGlobal), name };
}

// What the page brings along stands after this script.
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
else start();
