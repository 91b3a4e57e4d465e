/** The page starts: with the run of its address, with a trace that it brings along, or with the gallery. */
import { render } from 'preact';

import programs from '../../../../examples/conformance/programs.jsonl?raw';
import { embeddedTraceId } from '../embedded.ts';
import { createCatalogue } from '../model/catalogue.ts';
import { App } from './app.tsx';
import { listenToKeys } from './keys.ts';
import { createStore } from './store.ts';
import { restoreTheme } from './theme.ts';

function start(): void {
  restoreTheme();
  const place = document.querySelector('#orrery');
  if (place === null) return;
  let own = '';
  const store = createStore(createCatalogue(programs), (hash) => {
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
  listenToKeys(store);
  place.replaceChildren();
  render(<App store={store} />, place);
}

// A trace that the page brings along stands after this script.
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
else start();
