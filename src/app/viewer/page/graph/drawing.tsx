/** Placed boxes and lines as SVG. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { Placed, PlacedBox, PlacedLine, Point } from './layout.ts';

/** How a box looks: its title, and lines below it. */
export interface BoxLook {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly lines: readonly string[];
}

/** How a line looks. */
export interface LineLook {
  readonly kind: string;
  readonly label: string;
}

interface Props {
  readonly boxes: readonly BoxLook[];
  readonly lines: readonly LineLook[];
  readonly placed: Placed;
  readonly title: string;
}

/** The drawing: as large as it was placed, or as wide as there is room unless it is asked to scroll. */
export function Drawing({ boxes, lines, placed, title }: Props) {
  const { height, width } = placed;
  const [isWhole, setWhole] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(width);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      setRoom(element.clientWidth);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  return (
    <div class="drawing" ref={frame} tabIndex={isWhole ? 0 : undefined}>
      {width > room && (
        <button type="button" class="act" aria-pressed={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'fit' : 'full size'}
        </button>
      )}
      <svg
        viewBox={`0 ${-groupHead} ${width} ${height + groupHead}`}
        style={{ maxWidth: isWhole ? 'none' : '100%', width: `${width}px` }}
        role="img"
        aria-label={title}
      >
        <defs>
          <marker
            id="tip"
            viewBox="0 0 10 10"
            refX="9"
            refY="5"
            markerWidth="7"
            markerHeight="7"
            orient="auto-start-reverse"
          >
            <path d="M0 0 L10 5 L0 10 z" fill="context-stroke" />
          </marker>
        </defs>
        {boxes.map((look) => {
          const box = placed.boxes.get(look.id);
          return box === undefined ? null : <BoxView key={look.id} box={box} look={look} />;
        })}
        {lines.map((look, index) => {
          const line = placed.lines[index];
          return line === undefined ? null : <LineView key={index} line={line} look={look} />;
        })}
      </svg>
    </div>
  );
}

const groupHead = 10;

function BoxView({
  box,
  look: { kind, lines, title },
}: {
  readonly box: PlacedBox;
  readonly look: BoxLook;
}) {
  const isGroup = kind.split(' ').includes('group');
  // What lies in a group begins where the group does; its title stands above that.
  const head = isGroup ? groupHead : 0;
  const [left, top] = [box.x - box.width / 2, box.y - box.height / 2 - head];
  return (
    <g class={`box ${kind}`}>
      <rect x={left} y={top} width={box.width} height={box.height + head} rx={isGroup ? 10 : 6} />
      <text x={isGroup ? left + 10 : box.x} y={top + 16} class={isGroup ? 'title start' : 'title'}>
        {title}
      </text>
      {lines.map((line, index) => (
        <text key={index} x={box.x} y={top + 32 + index * 14} class="note">
          {line}
        </text>
      ))}
    </g>
  );
}

function LineView({
  line: { label, points },
  look,
}: {
  readonly line: PlacedLine;
  readonly look: LineLook;
}) {
  return (
    <g class={`line ${look.kind}`}>
      <path d={pathOf(points)} marker-end="url(#tip)" />
      {label !== undefined && look.label !== '' && (
        <text x={label.x} y={label.y + 4}>
          {look.label}
        </text>
      )}
    </g>
  );
}

/** A smooth path through the points of a line: straight at its ends, round in between. */
function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = rest.map(({ x, y }, index) => {
    const next = rest[index + 1];
    if (next === undefined) return `L${x} ${y}`;
    return `Q${x} ${y} ${(x + next.x) / 2} ${(y + next.y) / 2}`;
  });
  return `M${first.x} ${first.y} ${parts.join(' ')}`;
}
