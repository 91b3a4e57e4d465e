/** Placed boxes and lines as SVG. */
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

/** The drawing, as large as it was placed; a box around it scrolls. */
export function Drawing({ boxes, lines, placed, title }: Props) {
  const { height, width } = placed;
  return (
    <div class="drawing">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        style={{ width: `${width}px` }}
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

function BoxView({
  box,
  look: { kind, lines, title },
}: {
  readonly box: PlacedBox;
  readonly look: BoxLook;
}) {
  const [left, top] = [box.x - box.width / 2, box.y - box.height / 2];
  const isGroup = kind.split(' ').includes('group');
  return (
    <g class={`box ${kind}`}>
      <rect x={left} y={top} width={box.width} height={box.height} rx={isGroup ? 10 : 6} />
      <text x={isGroup ? left + 10 : box.x} y={top + 17} class={isGroup ? 'title start' : 'title'}>
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

/** About how wide a text is: letters of this font are so wide on average. */
export function textWidth(text: string, size: number): number {
  return Math.ceil(text.length * size * 0.56);
}
