/** One actor from inside: its statechart with the active states lit, what the last step changed, its context. */
import { getIn, keysOf } from '../../../../core/persistent-map.ts';
import { brief } from '../../../../trace/words.ts';
import { worldAt } from '../../../walk/course.ts';
import { changesBetween } from '../../model/changes.ts';
import type { Change } from '../../model/changes.ts';
import { activeStates, statechartOf } from '../../model/statechart.ts';
import { ChartView } from '../graph/chart-view.tsx';
import type { Shown, Store } from '../store.ts';
import { Data } from './data.tsx';

/** The actor that was chosen, or that the step moved. */
export function ActorPanel({
  shown: { at, course },
  store,
}: {
  readonly shown: Shown;
  readonly store: Store;
}) {
  const world = worldAt(course, at);
  const before = worldAt(course, at - 1);
  const addresses = keysOf(world.actors);
  const address = chosen(store.actor.value, addresses, course.steps[at]?.happened);
  const actor = address === undefined ? undefined : getIn(world.actors, address);
  const was = address === undefined ? undefined : getIn(before.actors, address);
  const logic = actor && course.system.logicOf(actor.logic);
  const chart = logic && statechartOf(logic);
  return (
    <div class="panel">
      <h2>
        <label for="actor">Actor</label>
      </h2>
      <select
        id="actor"
        value={address}
        onChange={({ currentTarget }) => {
          store.actor.value = currentTarget.value;
        }}
      >
        {addresses.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
      {actor === undefined ? (
        <p class="quiet">There is no such actor at this step.</p>
      ) : (
        <>
          <p class="state">
            <span class="faint">{actor.logic}</span> is in <b>{stateWords(actor.local['value'])}</b>
            {actor.local.status !== 'active' && <span class="badge">{actor.local.status}</span>}
          </p>
          {chart !== undefined && (
            <ChartView chart={chart} active={activeStates(actor.local['value'])} />
          )}
          <Changes
            changes={changesBetween(was?.local['context'], actor.local['context'])}
            at={at}
          />
          <h2>Context</h2>
          <Data isOpen name="context" value={actor.local['context']} />
        </>
      )}
    </div>
  );
}

/** The one that was asked for, or that the step moved. */
function chosen(
  wanted: string | undefined,
  addresses: readonly string[],
  happened: Shown['course']['steps'][number]['happened'] = [],
): string | undefined {
  if (wanted !== undefined && addresses.includes(wanted)) return wanted;
  const moved = happened.find((one) => one.type === 'moved' || one.type === 'received');
  return moved !== undefined && 'actor' in moved ? moved.actor : addresses[0];
}

function stateWords(value: unknown): string {
  if (typeof value === 'string') return value;
  return activeStates(value).length === 0 ? 'its only state' : brief(value, 80);
}

function Changes({ at, changes }: { readonly at: number; readonly changes: readonly Change[] }) {
  return (
    <>
      <h2>
        Changed by step {at} <span class="count">{changes.length}</span>
      </h2>
      {changes.length === 0 && <p class="quiet">Its context is what it was before.</p>}
      <ul class="changes">
        {changes.slice(0, 40).map(({ after, before, kind, path }) => (
          <li key={path.join('.')} class={kind}>
            <span class="key">{path.join('.') || 'context'}</span>
            {kind !== 'added' && <del>{brief(before, 90)}</del>}
            {kind !== 'removed' && <ins>{brief(after, 90)}</ins>}
          </li>
        ))}
      </ul>
    </>
  );
}
