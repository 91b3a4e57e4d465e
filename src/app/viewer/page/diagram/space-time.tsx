/** The space-time diagram: a window that scrolls over a canvas which draws only what is in it. */
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

import { brief } from '../../../../trace/words.ts';
import { jump } from '../../../walk/branches.ts';
import type { Arrow } from '../../model/diagram.ts';
import type { Store } from '../store.ts';
import { arrowAt, laneWidthFor, rowY, stepAt } from './geometry.ts';
import type { Frame } from './geometry.ts';
import { LaneHeads } from './lane-heads.tsx';
import { paint } from './paint.ts';
import { paletteOf } from './palette.ts';
import { Tip } from './tip.tsx';
import type { Hover } from './tip.tsx';

/** The diagram of the branch that one stands on. */
export function SpaceTime({
  broken,
  store,
}: {
  readonly broken: ReadonlySet<number>;
  readonly store: Store;
}) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const hover = useSignal<Hover | undefined>(undefined);
  const diagram = store.diagram.value;
  const { frame, onScroll } = useFrame(box, store);
  const at = store.at.value;
  useFollow(box, frame, at);
  usePainting(canvas, frame, { broken, hovered: hover.value?.arrow, store });
  const point = (event: MouseEvent) => {
    const bounds = canvas.current?.getBoundingClientRect();
    return { x: event.clientX - (bounds?.left ?? 0), y: event.clientY - (bounds?.top ?? 0) };
  };
  return (
    <section class="space-time" aria-label="Space-time diagram">
      <LaneHeads store={store} frame={frame} />
      <div
        class="scroller"
        ref={box}
        tabIndex={0}
        role="img"
        aria-label={`${diagram.marks.length} steps on ${diagram.lanes.length} lanes; the story lists them as text`}
        onScroll={onScroll}
        onWheel={(event) => {
          if (!event.ctrlKey) return;
          event.preventDefault();
          store.rowHeight.value = zoomed(store.rowHeight.value, event.deltaY < 0 ? 1 : -1);
        }}
        onMouseMove={(event) => {
          const { x, y } = point(event);
          const arrow = arrowAt(diagram, frame, { x, y });
          hover.value = arrow && { arrow, x, y };
        }}
        onMouseLeave={() => {
          hover.value = undefined;
        }}
        onClick={(event) => {
          const step = stepAt(frame, point(event).y, diagram.marks.length);
          store.walk((exploration) => jump(exploration, step));
        }}
      >
        <div
          class="extent"
          style={{
            height: `${(diagram.marks.length + 2) * frame.rowHeight}px`,
            width: `${Math.max(0, frame.laneWidth * diagram.lanes.length + 100)}px`,
          }}
        >
          <canvas ref={canvas} />
        </div>
        {hover.value !== undefined && <Tip hover={hover.value} frame={frame} />}
      </div>
    </section>
  );
}

interface Painting {
  readonly broken: ReadonlySet<number>;
  readonly hovered: Arrow | undefined;
  readonly store: Store;
}

/** Draws whenever anything that is drawn has changed. */
function usePainting(
  canvas: { readonly current: HTMLCanvasElement | null },
  frame: Frame,
  { broken, hovered, store }: Painting,
): void {
  const diagram = store.diagram.value;
  const [around, at, filter] = [store.around.value, store.at.value, store.filter.value];
  const fates = store.fates.value?.points ?? [];
  // Colours are read from the canvas, after the theme has come into force.
  const theme = store.theme.value;
  useLayoutEffect(() => {
    const pen = prepare(canvas.current, frame);
    if (pen === undefined || canvas.current === null) return;
    const isShown = shownBy(filter, diagram.lanes);
    const palette = paletteOf(canvas.current);
    canvas.current.dataset['theme'] = theme;
    paint(pen, { around, at, broken, diagram, fates, frame, hovered, isShown, palette });
  });
}

/** Row heights from an overview to one that can be read from afar. */
export function zoomed(rowHeight: number, direction: 1 | -1): number {
  const next = direction > 0 ? rowHeight * 1.25 : rowHeight / 1.25;
  return Math.max(3, Math.min(72, next));
}

/** What of the diagram can be seen, and who is to be told when it scrolls. */
function useFrame(box: { readonly current: HTMLElement | null }, store: Store) {
  const size = useSignal({ height: 0, width: 0 });
  const scroll = useSignal({ left: 0, top: 0 });
  useResize(box, (height, width) => {
    size.value = { height, width };
  });
  const frame: Frame = {
    height: size.value.height,
    laneWidth: laneWidthFor(store.diagram.value.lanes.length, size.value.width),
    rowHeight: store.rowHeight.value,
    scrollLeft: scroll.value.left,
    scrollTop: scroll.value.top,
    width: size.value.width,
  };
  const onScroll = ({ currentTarget }: { readonly currentTarget: HTMLElement }) => {
    scroll.value = { left: currentTarget.scrollLeft, top: currentTarget.scrollTop };
  };
  return { frame, onScroll };
}

function useResize(
  box: { readonly current: HTMLElement | null },
  tell: (height: number, width: number) => void,
): void {
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      tell(element.clientHeight, element.clientWidth);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
}

/** Keeps the step where one stands in sight. */
function useFollow(box: { readonly current: HTMLElement | null }, frame: Frame, at: number): void {
  useEffect(() => {
    const element = box.current;
    if (element === null || frame.height === 0) return;
    const y = rowY({ ...frame, scrollTop: element.scrollTop }, at);
    const margin = Math.min(frame.rowHeight * 3, frame.height / 3);
    if (y < margin || y > frame.height - margin) {
      element.scrollTop = frame.rowHeight * at - frame.height / 2;
    }
  }, [at, frame.height, frame.rowHeight]);
}

function prepare(canvas: HTMLCanvasElement | null, { height, width }: Frame) {
  const pen = canvas?.getContext('2d') ?? undefined;
  if (canvas === null || pen === undefined || width === 0) return undefined;
  const ratio = window.devicePixelRatio;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    Object.assign(canvas, { height: high, width: wide });
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.font = '12px ui-sans-serif, system-ui, sans-serif';
  return pen;
}

/** Enough for the names in any message; payloads are not searched to their ends. */
const textLength = 2_000;

/** Whether an arrow has all the words of the filter: in its type, its ends or what it carries. */
function shownBy(filter: string, lanes: readonly string[]): (arrow: Arrow) => boolean {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return () => true;
  return ({ event, fromLane, label, toLane }) => {
    const ends = `${lanes[fromLane]} ${lanes[toLane]}`;
    const text = `${label} ${ends} ${brief(event, textLength)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}
