/** What must hold, and the step at which each broke. */
import type { Property } from '../../../../runtime/property.ts';
import { jump } from '../../../walk/branches.ts';
import { hasFate } from '../../../walk/fate/fates.ts';
import type { Standing } from '../../../walk/standing.ts';
import { canHunt } from '../../model/hunt.ts';
import type { Shown, Store } from '../store.ts';
import { FateView } from './fate.tsx';

interface Props {
  readonly shown: Shown;
  /** `undefined` while they are looked at. */
  readonly standings: readonly Standing[] | undefined;
  readonly store: Store;
}

/** A row for each property. */
export function PropertiesPanel({ shown, standings, store }: Props) {
  const { opened } = shown;
  const { properties = [] } = opened.stated.definition;
  const huntable = new Set(
    properties.filter((one) => canHunt(opened.stated, one)).map(({ name }) => name),
  );
  const { broken } = opened;
  const failed = brokenOne(properties, standings, shown);
  return (
    <div class="panel">
      <h2>
        Properties <span class="count">{standings?.length ?? '…'}</span>
      </h2>
      {broken !== undefined && (
        <p class="verdict broken">
          recorded to be broken: “{broken.name}”: {broken.message}
        </p>
      )}
      {standings?.length === 0 && <p class="quiet">This system states no properties.</p>}
      <ul class="properties">
        {standings?.map(({ name, note, step, type, verdict }) => (
          <li key={name} class={verdict}>
            <span class="sign" aria-hidden="true">
              {signs[verdict]}
            </span>
            <span class="what">
              <b>{name}</b>
              <small>
                {type}: {words[verdict]}
                {note === undefined ? '' : `, ${note}`}
              </small>
            </span>
            {verdict === 'kept' && huntable.has(name) && (
              <button
                type="button"
                class="act"
                title="Make random runs until one breaks it, and make that small"
                onClick={() => {
                  store.hunt(name);
                }}
              >
                try to break it
              </button>
            )}
            {step !== undefined && (
              <button
                type="button"
                class="act"
                onClick={() => {
                  store.walk((exploration) => jump(exploration, step));
                }}
              >
                step {step}
              </button>
            )}
          </li>
        ))}
      </ul>
      {failed !== undefined && (
        <FateView key={failed.name} property={failed} shown={shown} store={store} />
      )}
    </div>
  );
}

/** The one whose end is told: the first that the run breaks, and that a run by itself can break. */
function brokenOne(
  properties: readonly Property[],
  standings: readonly Standing[] | undefined,
  { course }: Shown,
): Property | undefined {
  const broken = new Set(
    standings?.flatMap(({ name, verdict }) => (verdict === 'broken' ? [name] : [])),
  );
  return properties.find((one) => broken.has(one.name) && hasFate(course.system, one));
}

const signs: Readonly<Record<Standing['verdict'], string>> = {
  broken: '✗',
  kept: '✓',
  'not-reached': '○',
  open: '…',
  reached: '●',
};

const words: Readonly<Record<Standing['verdict'], string>> = {
  broken: 'broken in this run',
  kept: 'kept in this run',
  'not-reached': 'not reached in this run',
  open: 'not decided by this run',
  reached: 'reached in this run',
};
