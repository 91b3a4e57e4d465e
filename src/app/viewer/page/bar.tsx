/** The bar at the top: what is open, how to open something else, and what to keep of it. */
import { useRef, useState } from 'preact/hooks';

import { messageOf } from '../../../core/errors.ts';
import { plain } from '../../../trace/words.ts';
import { traceOf } from '../model/opening.ts';
import { pageWith, saveText } from './save.ts';
import type { Store } from './store.ts';
import { toggleTheme } from './theme.ts';

/** The bar. */
export function Bar({ store }: { readonly store: Store }) {
  const file = useRef<HTMLInputElement>(null);
  const opened = store.opened.value;
  return (
    <header class="bar">
      <h1>
        <svg viewBox="0 0 32 32" aria-hidden="true" class="logo">
          <circle cx="16" cy="16" r="4.5" />
          <ellipse cx="16" cy="16" rx="14" ry="6.5" />
          <ellipse cx="16" cy="16" rx="14" ry="6.5" transform="rotate(60 16 16)" />
          <circle cx="29" cy="13.6" r="2.4" />
        </svg>
        Orrery
      </h1>
      {opened !== undefined && (
        <p class="title">
          <b>{opened.name}</b> <span class="faint">{opened.scenario.description}</span>
        </p>
      )}
      <nav aria-label="Open and keep">
        {opened !== undefined && <Filter store={store} />}
        <button
          type="button"
          onClick={() => {
            store.dialog.value = 'gallery';
          }}
        >
          Gallery
        </button>
        <button type="button" onClick={() => file.current?.click()}>
          Open trace…
        </button>
        <input
          ref={file}
          id="file"
          type="file"
          accept=".json,application/json"
          hidden
          aria-label="Open a trace file"
          onChange={({ currentTarget }) => {
            void readFile(store, currentTarget);
          }}
        />
        {opened !== undefined && <Keep store={store} />}
        <button
          type="button"
          class="icon"
          aria-label="Dark or light"
          title="Dark or light (t)"
          onClick={() => {
            store.theme.value = toggleTheme();
          }}
        >
          ◐
        </button>
        <button
          type="button"
          class="icon"
          aria-label="Keys"
          title="Keys (?)"
          onClick={() => {
            store.dialog.value = 'help';
          }}
        >
          ?
        </button>
      </nav>
    </header>
  );
}

function Filter({ store }: { readonly store: Store }) {
  return (
    <input
      type="search"
      id="filter"
      placeholder="Filter ( / )"
      aria-label="Show only messages with these words in their type, workers or contents"
      value={store.filter.value}
      onInput={({ currentTarget }) => {
        store.filter.value = currentTarget.value;
      }}
    />
  );
}

function Keep({ store }: { readonly store: Store }) {
  const keep = (save: (name: string, trace: string) => void) => () => {
    const opened = store.opened.value;
    if (opened === undefined) return;
    try {
      save(opened.name, traceOf(opened));
    } catch (thrown) {
      store.error.value = plain(messageOf(thrown));
    }
  };
  return (
    <>
      <button
        type="button"
        title="The trace file of this run, for every command that reads one"
        onClick={keep((name, trace) => saveText(`${name}.trace.json`, 'application/json', trace))}
      >
        Save trace
      </button>
      <button
        type="button"
        title="This page with the run inside, as one file that needs nothing else"
        onClick={keep((name, trace) => saveText(`${name}.html`, 'text/html', pageWith(trace)))}
      >
        Save page
      </button>
      <CopyLink store={store} />
    </>
  );
}

const copiedFor = 1_500;

function CopyLink({ store }: { readonly store: Store }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      setCopied(true);
      setTimeout(() => setCopied(false), copiedFor);
    } catch {
      store.error.value = 'This browser lets no page copy. The address of this page is the link.';
    }
  };
  return (
    <button
      type="button"
      title="The address of this page holds the very run: copy it"
      onClick={() => void copy()}
    >
      {isCopied ? 'Copied' : 'Copy link'}
    </button>
  );
}

/** Files of more bytes than this are not read into the page. */
const fileBytesMax = 64 * 1024 * 1024;

async function readFile(store: Store, input: HTMLInputElement): Promise<void> {
  const [chosen] = input.files ?? [];
  if (chosen === undefined) return;
  if (chosen.size > fileBytesMax) {
    store.error.value = `This file has ${chosen.size} bytes, and the page reads up to ${fileBytesMax}. Make it smaller with "orrery shrink".`;
  } else {
    await store.openFile(await chosen.text());
  }
  // The same file may be chosen again.
  Object.assign(input, { value: '' });
}
