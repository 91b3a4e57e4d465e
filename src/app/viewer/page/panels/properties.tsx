/** What must hold, and the step at which each broke. */
import { useState } from 'preact/hooks';

import { clusterInvariants } from '../../../../../actors/index.ts';
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

/** A row for each property: first those that the run breaks, and what there is to say of one of them. */
export function PropertiesPanel({ shown, standings, store }: Props) {
  const [asked, ask] = useState<string | undefined>(undefined);
  const { opened } = shown;
  const { properties = [] } = opened.stated.definition;
  const { broken } = opened;
  const of = (name: string) => properties.find((one) => one.name === name);
  const failed = standings?.filter(({ verdict }) => verdict === 'broken') ?? [];
  const others = standings?.filter(({ verdict }) => verdict !== 'broken') ?? [];
  const tellable = failed
    .flatMap(({ name }) => of(name) ?? [])
    .filter((one) => hasFate(shown.course.system, one));
  const told = tellable.find(({ name }) => name === asked) ?? tellable[0];
  const row = (standing: Standing) => (
    <Row
      key={standing.name}
      about={shown.isCluster ? aboutCluster(standing.name) : undefined}
      ask={tellable.length > 1 && standing.name !== told?.name ? ask : undefined}
      property={of(standing.name)}
      shown={shown}
      standing={standing}
      store={store}
    />
  );
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
      {failed.length > 0 && <ul class="properties">{failed.map(row)}</ul>}
      {told !== undefined && (
        <FateView key={told.name} property={told} shown={shown} store={store} />
      )}
      {told !== undefined && others.length > 0 && <h2>The others</h2>}
      <ul class="properties">{others.map(row)}</ul>
    </div>
  );
}

interface RowProps {
  /** What it claims, where its name does not say so. */
  readonly about: string | undefined;
  /** Asks when it became inevitable that it breaks. */
  readonly ask: ((name: string) => void) | undefined;
  readonly property: Property | undefined;
  readonly shown: Shown;
  readonly standing: Standing;
  readonly store: Store;
}

function Row({ about, ask, property, shown, standing, store }: RowProps) {
  const { name, note, step, type, verdict } = standing;
  const canBreak = property !== undefined && canHunt(shown.opened.stated, property);
  return (
    <li class={verdict}>
      <span class="sign" aria-hidden="true">
        {signs[verdict]}
      </span>
      <span class="what">
        <b>
          {name}
          {about !== undefined && <span class="about">: {about}</span>}
        </b>
        <small>
          {type}: {words[verdict]}
          {note === undefined ? '' : `, ${note}`}
        </small>
      </span>
      {verdict === 'kept' && canBreak && (
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
      {verdict === 'broken' && ask !== undefined && (
        <button type="button" class="act" onClick={() => ask(name)}>
          when inevitable?
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
  );
}

/** What an invariant of clusters claims, which are known by letters and numbers. */
function aboutCluster(name: string): string | undefined {
  return clusterInvariants.find((one) => one.name === name)?.about;
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
