/** A statechart, drawn from the machine's own definition; the active states are lit. */
import type { ChartState, ChartTransition, Statechart } from '../../model/statechart.ts';
import { Drawing } from './drawing.tsx';
import { place } from './layout.ts';
import type { Box } from './layout.ts';
import { useTextWidth } from './text-width.ts';
import type { TextWidth } from './text-width.ts';

/** More states than these cannot be read. */
const statesMax = 60;
const labelLength = 44;
const anywhereMax = 8;

/** The chart, with the states that are active. */
export function ChartView({
  active,
  chart,
}: {
  readonly active: readonly string[];
  readonly chart: Statechart;
}) {
  const { name, states } = chart;
  const textWidth = useTextWidth();
  if (states.length > statesMax) {
    return (
      <p class="quiet">Its statechart has {states.length} states, too many to be drawn here.</p>
    );
  }
  const transitions = drawable(chart);
  const starts = states.filter(({ isInitial, parent }) => isInitial && parent === undefined);
  const boxes: readonly Box[] = [
    ...states.map((state) => boxOf(state, textWidth)),
    ...starts.map(({ id }) => ({ height: 10, id: startId(id), width: 10 })),
  ];
  const placed = place({
    boxes,
    direction: 'TB',
    lines: [
      ...starts.map(({ id }) => ({ from: startId(id), labelWidth: 0, to: id })),
      ...transitions.map(({ from, label, to }) => ({ from, labelWidth: textWidth(label, 11), to })),
    ],
  });
  const anywhere = chart.transitions.filter(({ from }) => from === '');
  return (
    <>
      <Drawing
        title={`Statechart of ${name}; active: ${active.join(', ')}`}
        placed={placed}
        boxes={[
          ...states.map((state) => ({
            id: state.id,
            kind: kindOf(state, states, active),
            lines: isCompound(state, states) ? [] : state.notes,
            title: state.label,
          })),
          ...starts.map(({ id }) => ({ id: startId(id), kind: 'initial', lines: [], title: '' })),
        ]}
        lines={[
          ...starts.map(() => ({ kind: 'transition', label: '' })),
          ...transitions.map(({ label }) => ({ kind: 'transition', label })),
        ]}
      />
      {anywhere.length > 0 && (
        <ul class="legend">
          {anywhere.slice(0, anywhereMax).map(({ label, to }, index) => (
            <li key={index}>
              from anywhere: {label} → {to}
            </li>
          ))}
          {anywhere.length > anywhereMax && <li>… and {anywhere.length - anywhereMax} more</li>}
        </ul>
      )}
    </>
  );
}

/** Lines end at states without states in them: the layout has no others. Those of the machine itself start nowhere. */
function drawable({ states, transitions }: Statechart): readonly ChartTransition[] {
  const leaf = (id: string): string => {
    const below = states.filter(({ parent }) => parent === id);
    const [first] = below.filter(({ isInitial }) => isInitial).concat(below);
    return first === undefined ? id : leaf(first.id);
  };
  const merged = new Map<string, ChartTransition>();
  for (const { from, label, to } of transitions) {
    if (from === '') continue;
    const key = `${from}>${to}`;
    const known = merged.get(key);
    const text = known === undefined ? label : `${known.label} | ${label}`;
    merged.set(key, { from: leaf(from), label: text, to: leaf(to) });
  }
  return [...merged.values()].map((one) => ({
    ...one,
    label: one.label.length > labelLength ? `${one.label.slice(0, labelLength)}…` : one.label,
  }));
}

function kindOf(
  state: ChartState,
  states: readonly ChartState[],
  active: readonly string[],
): string {
  const light = active.includes(state.id) ? ' lit' : '';
  return `${isCompound(state, states) ? 'group' : 'state'} ${state.kind}${light}`;
}

function isCompound({ id }: ChartState, states: readonly ChartState[]): boolean {
  return states.some(({ parent }) => parent === id);
}

function boxOf({ id, label, notes, parent }: ChartState, textWidth: TextWidth): Box {
  const widest = Math.max(textWidth(label, 12.5, 600), ...notes.map((note) => textWidth(note, 11)));
  return {
    height: 28 + notes.length * 14,
    id,
    width: widest + 24,
    ...(parent === undefined ? {} : { parent }),
  };
}

function startId(id: string): string {
  return `start of ${id}`;
}
