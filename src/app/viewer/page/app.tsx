/** The page: a bar, the diagram, a panel beside it, and the way through time below. */
import { useMemo } from 'preact/hooks';

import { Bar } from './bar.tsx';
import { SpaceTime } from './diagram/space-time.tsx';
import { Gallery } from './gallery.tsx';
import { Help } from './help.tsx';
import { ActorPanel } from './panels/actor.tsx';
import { AutogradPanel, ReferencesPanel } from './panels/graphs.tsx';
import { NextPanel } from './panels/next.tsx';
import { PicturePanel } from './panels/picture.tsx';
import { ProgramPanel } from './panels/program.tsx';
import { PropertiesPanel } from './panels/properties.tsx';
import { StoryPanel } from './panels/story.tsx';
import { useStandings } from './standings.ts';
import { tabs } from './store.ts';
import type { Store, Tab } from './store.ts';
import { Transport } from './transport.tsx';

/** All of it. */
export function App({ store }: { readonly store: Store }) {
  const shown = store.shown.value;
  const standings = useStandings(shown?.opened, shown?.course);
  const broken = useMemo(
    () =>
      new Set(
        standings?.flatMap(({ step, verdict }) =>
          verdict === 'broken' && step !== undefined ? [step] : [],
        ),
      ),
    [standings],
  );
  const moment = store.moment.value;
  return (
    <div class="app">
      <Bar store={store} />
      <Notices store={store} />
      {shown === undefined ? (
        <main class="welcome">
          <Gallery store={store} />
        </main>
      ) : (
        <main class="work">
          <SpaceTime store={store} broken={broken} />
          <aside class="side" aria-label="What is known of this step">
            <Tabs store={store} brokenCount={broken.size} />
            <div class="tab-body" role="tabpanel" aria-label={store.tab.value}>
              {store.tab.value === 'Next' && moment !== undefined && (
                <NextPanel moment={moment} shown={shown} store={store} />
              )}
              {store.tab.value === 'Picture' && <PicturePanel shown={shown} />}
              {store.tab.value === 'Story' && <StoryPanel shown={shown} store={store} />}
              {store.tab.value === 'Actor' && <ActorPanel shown={shown} store={store} />}
              {store.tab.value === 'Code' && <ProgramPanel shown={shown} />}
              {store.tab.value === 'RRefs' && <ReferencesPanel shown={shown} />}
              {store.tab.value === 'Autograd' && <AutogradPanel shown={shown} />}
              {store.tab.value === 'Properties' && (
                <PropertiesPanel shown={shown} standings={standings} store={store} />
              )}
            </div>
          </aside>
        </main>
      )}
      {shown !== undefined && <Transport shown={shown} broken={broken} store={store} />}
      {shown !== undefined && store.dialog.value === 'gallery' && (
        <Dialog store={store} title="Gallery">
          <Gallery store={store} />
        </Dialog>
      )}
      {store.dialog.value === 'help' && (
        <Dialog store={store} title="Keys">
          <Help />
        </Dialog>
      )}
    </div>
  );
}

function Notices({ store }: { readonly store: Store }) {
  const warning = store.opened.value?.warning;
  const busy = store.busy.value;
  return (
    <div role="alert" class="notices">
      {busy !== undefined && (
        <p class="notice">
          <span>
            {busy.words} … <progress value={busy.done} aria-label={busy.words} />
          </span>
          {busy.stop !== undefined && (
            <button type="button" class="act" onClick={busy.stop}>
              stop
            </button>
          )}
        </p>
      )}
      {store.error.value !== '' && (
        <p class="notice error">
          {store.error.value}
          <button
            type="button"
            aria-label="close this message"
            onClick={() => {
              store.error.value = '';
            }}
          >
            ×
          </button>
        </p>
      )}
      {warning !== undefined && <p class="notice">{warning}</p>}
    </div>
  );
}

function Tabs({ brokenCount, store }: { readonly brokenCount: number; readonly store: Store }) {
  const { course, isCluster = false } = store.shown.value ?? {};
  const hasPicture = course?.system.definition.picture !== undefined;
  const shown: readonly Tab[] = tabs.filter((tab) =>
    tab === 'Picture' ? hasPicture : isCluster || !clusterTabs.has(tab),
  );
  return (
    <div role="tablist" class="tabs" aria-label="Panels">
      {shown.map((tab) => (
        <button
          type="button"
          role="tab"
          key={tab}
          aria-selected={store.tab.value === tab}
          onClick={() => {
            store.tab.value = tab;
          }}
        >
          {tab}
          {tab === 'Properties' && brokenCount > 0 && <span class="badge bad">{brokenCount}</span>}
        </button>
      ))}
    </div>
  );
}

/** What only clusters of workers have. */
const clusterTabs: ReadonlySet<Tab> = new Set(['Autograd', 'Code', 'RRefs']);

interface DialogProps {
  readonly children: preact.ComponentChildren;
  readonly store: Store;
  readonly title: string;
}

function Dialog({ children, store, title }: DialogProps) {
  const close = () => {
    store.dialog.value = undefined;
  };
  return (
    <dialog
      ref={(element) => {
        if (element !== null && !element.open) element.showModal();
      }}
      aria-label={title}
      onClose={close}
      onClick={({ currentTarget, target }) => {
        if (currentTarget === target) close();
      }}
    >
      <header>
        <h2>{title}</h2>
        <button type="button" class="act" onClick={close}>
          close
        </button>
      </header>
      {children}
    </dialog>
  );
}
