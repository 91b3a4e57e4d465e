/** What could happen next: each choice by a click, and what may befall messages, timers and nodes. */
import { useComputed } from '@preact/signals';

import type { Choice } from '../../../../kernel/choice.ts';
import { brief } from '../../../../trace/words.ts';
import type { Act, Moment, OfferedChoice } from '../../model/moment.ts';
import type { Shown, Store } from '../store.ts';

/** The choices of this step. */
export function NextPanel({
  moment,
  shown,
  store,
}: {
  readonly moment: Moment;
  readonly shown: Shown;
  readonly store: Store;
}) {
  const faultCount = useComputed(
    () => moment.choices.filter(({ choice }) => isFault(choice)).length,
  );
  const own = moment.choices.filter(({ choice }) => !isFault(choice));
  return (
    <div class="panel">
      <h2>
        What could happen next <span class="count">{own.length}</span>
      </h2>
      {own.length === 0 && (
        <p class="quiet">
          Nothing is left to do of its own{faultCount.value > 0 ? ', but faults may come' : ''}.
        </p>
      )}
      <ol class="choices">
        {own.map((offered, index) => (
          <ChoiceRow
            key={offered.choice.name}
            index={index}
            offered={offered}
            shown={shown}
            store={store}
          />
        ))}
      </ol>
      <Under moment={moment} shown={shown} store={store} />
      <Timers moment={moment} shown={shown} store={store} />
      <Nodes moment={moment} store={store} />
    </div>
  );
}

interface RowProps {
  readonly index: number;
  readonly offered: OfferedChoice;
  readonly shown: Shown;
  readonly store: Store;
}

function ChoiceRow({ index, offered, shown: { label }, store }: RowProps) {
  const { choice, isDullest, isTaken } = offered;
  return (
    <li>
      <button
        type="button"
        class={isTaken ? 'choice taken' : 'choice'}
        data-choice={choice.type}
        onClick={() => {
          store.choose(choice.name);
        }}
      >
        <kbd>{index < 9 ? index + 1 : ''}</kbd>
        <span class="what">
          <b>{titleOf(choice, label)}</b>
          <small>{endsOf(choice)}</small>
        </span>
        {isTaken && <span class="badge">taken here</span>}
        {!isTaken && isDullest && <span class="badge plain">in order</span>}
      </button>
    </li>
  );
}

function titleOf(choice: Choice, label: Shown['label']): string {
  if (!('event' in choice)) return choice.type;
  const words: Partial<Record<Choice['type'], string>> = { fire: 'timer ', input: 'input ' };
  return `${words[choice.type] ?? ''}${label(choice.event)}`;
}

function endsOf(choice: Choice): string {
  if ('from' in choice) return `${choice.from} → ${choice.to}`;
  if ('actor' in choice) {
    return `${choice.type === 'input' ? 'input to' : 'timer of'} ${choice.actor}`;
  }
  return 'node' in choice ? choice.node : choice.partition;
}

interface PartProps {
  readonly moment: Moment;
  readonly shown: Shown;
  readonly store: Store;
}

const rowsMax = 60;

function Under({ moment: { parcels }, shown: { label }, store }: PartProps) {
  if (parcels.length === 0) return null;
  return (
    <>
      <h2>
        Under way <span class="count">{parcels.length}</span>
      </h2>
      <ul class="things">
        {parcels.slice(0, rowsMax).map(({ can, event, from, name, to }) => (
          <li key={name}>
            <span class="what" title={brief(event, 300)}>
              <b>{label(event)}</b>
              <small>
                {from} → {to}
              </small>
            </span>
            <Acts
              can={can}
              subject={name}
              store={store}
              what={`${label(event)} ${from} to ${to}`}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

function Timers({ moment: { clocks }, shown: { label }, store }: PartProps) {
  const waiting = clocks.filter(({ dueIn }) => dueIn > 0);
  if (waiting.length === 0) return null;
  return (
    <>
      <h2>
        Timers <span class="count">{waiting.length}</span>
      </h2>
      <ul class="things">
        {waiting.slice(0, rowsMax).map(({ actor, can, dueIn, event, name }) => (
          <li key={name}>
            <span class="what">
              <b>{label(event)}</b>
              <small>
                {actor}, in {dueIn / 1000} ms
              </small>
            </span>
            <Acts can={can} subject={name} store={store} what={`${label(event)} at ${actor}`} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Nodes({ moment: { nodes }, store }: Omit<PartProps, 'shown'>) {
  return (
    <>
      <h2>Nodes</h2>
      <ul class="things">
        {nodes.slice(0, rowsMax).map(({ can, name, state }) => (
          <li key={name}>
            <span class="what">
              <b>{name}</b>
              <small>{state}</small>
            </span>
            <Acts can={can} subject={name} store={store} what={name} />
          </li>
        ))}
      </ul>
    </>
  );
}

const actWords: Partial<Record<Choice['type'], string>> = {
  deliver: 'deliver',
  drop: 'lose',
  duplicate: 'twice',
  early: 'fire now',
};

interface ActsProps {
  readonly can: readonly Act[];
  readonly store: Store;
  readonly subject: string;
  /** What the buttons act on, for who cannot see them. */
  readonly what: string;
}

/** Turns only where they are offered; faults always, since they can be allowed. */
function Acts({ can, store, subject, what }: ActsProps) {
  const shown = can.filter(
    ({ choice, type }) => choice !== undefined || (type !== 'deliver' && type !== 'fire'),
  );
  return (
    <span class="acts">
      {shown.map(({ choice, type }) => (
        <button
          type="button"
          key={type}
          class={`act ${type}`}
          aria-label={`${actWords[type] ?? type} ${what}`}
          title={choice === undefined ? 'a fault that is not allowed yet: it will be' : type}
          onClick={() => {
            store.act(type, subject);
          }}
        >
          {actWords[type] ?? type}
        </button>
      ))}
    </span>
  );
}

function isFault({ type }: Choice): boolean {
  return type !== 'deliver' && type !== 'fire' && type !== 'input';
}
