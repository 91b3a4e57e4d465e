/** When a broken property could no longer be helped, and the nearest run in which it is not broken. */
import { useEffect } from 'preact/hooks';

import type { Property } from '../../../../runtime/property.ts';
import { storyOf } from '../../../../trace/story.ts';
import { forked, jump } from '../../../walk/branches.ts';
import type { Course } from '../../../walk/course.ts';
import { fatesOf } from '../../../walk/fate/fates.ts';
import type { Fate, Fates } from '../../../walk/fate/fates.ts';
import { nearestPassing } from '../../../walk/fate/nearest-passing.ts';
import type { Passing } from '../../../walk/fate/nearest-passing.ts';
import { sideBySide } from '../../../walk/fate/side-by-side.ts';
import type { Row } from '../../../walk/fate/side-by-side.ts';
import { useInSlices } from '../in-slices.ts';
import type { Shown, Store } from '../store.ts';

interface Props {
  readonly property: Property;
  readonly shown: Shown;
  readonly store: Store;
}

/** Both, one after the other, for a property that the run breaks. */
export function FateView({ property, shown, store }: Props) {
  const { course } = shown;
  const { done, error, isOver, value } = useInSlices(
    () => fatesOf(course, property),
    [course, property],
  );
  useEffect(() => {
    store.fates.value = value;
    return () => {
      store.fates.value = undefined;
    };
  }, [value]);
  return (
    <section class="fate" aria-label={`When “${property.name}” became inevitable`}>
      <h2>When did it become inevitable?</h2>
      {error !== undefined && <p class="quiet">{error}</p>}
      {!isOver && <Working done={done} words="Looking at what else could have come" />}
      {value !== undefined && (
        <>
          <Sentence fates={value} name={property.name} store={store} />
          <Chart fates={value} at={shown.at} store={store} />
          <Nearest property={property} shown={shown} store={store} />
        </>
      )}
    </section>
  );
}

function Working({ done, words }: { readonly done: number; readonly words: string }) {
  return (
    <p class="quiet">
      {words} … <progress value={done} aria-label={words} />
    </p>
  );
}

interface SentenceProps {
  readonly fates: Fates;
  readonly name: string;
  readonly store: Store;
}

function Sentence({ fates: { inevitableFrom, points, worlds }, name, store }: SentenceProps) {
  if (inevitableFrom === undefined) {
    return <p>At the end of this run it could still be helped.</p>;
  }
  const fate = points.find(({ step }) => step === inevitableFrom);
  const drawn = points.filter((point) => point.drawn !== undefined);
  const cut = drawn.reduce((sum, point) => sum + (point.drawn?.cut ?? 0), 0);
  return (
    <>
      <p>
        From{' '}
        <button
          type="button"
          class="act"
          onClick={() => store.walk((now) => jump(now, inevitableFrom))}
        >
          step {inevitableFrom}
        </button>{' '}
        on <b>every continuation breaks “{name}”</b>
        {fate?.drawn === undefined ? '' : `, as far as ${fate.drawn.of} that were drawn can say`},
        if nothing else goes wrong.
      </p>
      <p class="legend">
        {drawn.length === 0
          ? `All that can come was counted: ${worlds} worlds.`
          : `${points.length - drawn.length} of ${points.length} steps were counted in full (${worlds} worlds); ` +
            `from the others continuations were drawn by chance${cut > 0 ? `, of which ${cut} were too long to be decided` : ''}.`}
      </p>
    </>
  );
}

const chart = { height: 72, width: 400 } as const;

interface ChartProps {
  readonly at: number;
  readonly fates: Fates;
  readonly store: Store;
}

/** The share of continuations that fail, step by step; a click goes there. */
function Chart({ at, fates: { points }, store }: ChartProps) {
  const last = Math.max(1, points.at(-1)?.step ?? 1);
  const xOf = (step: number): number => (step / (last + 1)) * chart.width;
  return (
    <figure class="shares">
      <svg
        viewBox={`0 0 ${chart.width} ${chart.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={points.map((fate) => `step ${fate.step}: ${percent(fate)}`).join(', ')}
      >
        {points.map((fate, index) => {
          const next = points[index + 1]?.step ?? last + 1;
          const height = Math.max(1.5, fate.share * chart.height);
          return (
            <rect
              key={fate.step}
              class={fate.drawn === undefined ? 'counted' : 'drawn'}
              x={xOf(fate.step)}
              y={chart.height - height}
              width={Math.max(0.5, xOf(next) - xOf(fate.step) - (points.length > 60 ? 0 : 1))}
              height={height}
              onClick={() => store.walk((now) => jump(now, fate.step))}
            >
              <title>{`step ${fate.step}: ${percent(fate)} of what can come breaks it`}</title>
            </rect>
          );
        })}
        {at <= last && (
          <line class="now" x1={xOf(at + 0.5)} x2={xOf(at + 0.5)} y1={0} y2={chart.height} />
        )}
      </svg>
      <figcaption class="legend">
        <span>start</span>
        <span>share of continuations that break it: 0 to 100 %</span>
        <span>step {last}</span>
      </figcaption>
    </figure>
  );
}

function percent({ drawn, share }: Fate): string {
  return `${drawn === undefined ? '' : 'about '}${Math.round(share * 1000) / 10} %`;
}

function Nearest({ property, shown, store }: Props) {
  const { course } = shown;
  const { done, error, isOver, value } = useInSlices(
    () => nearestPassing(course, property),
    [course, property],
  );
  return (
    <>
      <h2>Beside the nearest run that passes</h2>
      {error !== undefined && <p class="quiet">{error}</p>}
      {!isOver && <Working done={done} words="Looking for one" />}
      {isOver && error === undefined && value === undefined && (
        <p class="quiet">None was found: other choices than these break it too.</p>
      )}
      {value !== undefined && <Beside passing={value} shown={shown} store={store} />}
    </>
  );
}

interface BesideProps {
  readonly passing: Passing;
  readonly shown: Shown;
  readonly store: Store;
}

const rowsMax = 120;

function Beside({ passing: { course, isDecided, sharedTo }, shown, store }: BesideProps) {
  const rows = sideBySide(shown.course, course, sharedTo);
  return (
    <>
      <p>
        They are one up to step {sharedTo}.{' '}
        {!isDecided && 'It goes on; as far as it was made it does not break it. '}
        <button
          type="button"
          class="act"
          onClick={() => {
            store.walk((now) => forked(jump(now, sharedTo), course, 'what would have passed'));
          }}
        >
          walk along it
        </button>
      </p>
      <table class="beside">
        <thead>
          <tr>
            <th scope="col">this run fails</th>
            <th scope="col">this one passes</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, rowsMax).map((row, index) => (
            <tr key={index} class={kindOf(row)}>
              <Cell course={shown.course} row={row} shown={shown} step={row.failing} />
              <Cell course={course} row={row} shown={shown} step={row.passing} />
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > rowsMax && <p class="quiet">… and {rows.length - rowsMax} rows more</p>}
    </>
  );
}

function kindOf({ elsewhere, failing, passing }: Row): string {
  if (failing !== undefined && passing !== undefined) return 'both';
  return elsewhere === undefined ? 'alone' : 'moved';
}

interface CellProps {
  readonly course: Course;
  readonly row: Row;
  readonly shown: Shown;
  readonly step: number | undefined;
}

const width = 200;

function Cell({ course, row: { elsewhere }, shown: { label }, step }: CellProps) {
  const found = step === undefined ? undefined : course.steps[step];
  if (found === undefined) return <td class="none" />;
  const [head = ''] = storyOf(found, { label, width });
  return (
    <td>
      <b>{found.index}</b> {head.replace(/^#\d+\s+[\d.,]+ ms\s+/, '').replaceAll('->', '→')}
      {elsewhere !== undefined && <small> (there it is step {elsewhere})</small>}
    </td>
  );
}
