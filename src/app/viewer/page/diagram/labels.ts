/** Words beside arrows, where nothing else is written. */
import type { Palette } from './palette.ts';
import { fit } from './shapes.ts';

/** A line of words: its left end, and its middle in height. */
interface Words {
  readonly left: number;
  readonly width: number;
  readonly y: number;
}

/** What is taken of a picture already. */
export interface Room {
  /** Takes a place; false where something is written already. */
  readonly take: (words: Words) => boolean;
}

const lineHeight = 15;

/** A picture without any words. */
export function createRoom(): Room {
  // By rows of one line each, so that a place is compared with its neighbours alone.
  const rows = new Map<number, Words[]>();
  const near = (y: number): readonly Words[] =>
    [-1, 0, 1].flatMap((by) => rows.get(Math.floor(y / lineHeight) + by) ?? []);
  return {
    take: (words) => {
      const { left, width, y } = words;
      const isTaken = near(y).some(
        (other) =>
          Math.abs(other.y - y) < lineHeight &&
          left < other.left + other.width &&
          other.left < left + width,
      );
      if (isTaken) return false;
      const row = Math.floor(y / lineHeight);
      rows.set(row, [...(rows.get(row) ?? []), words]);
      return true;
    },
  };
}

/** An arrow as it is drawn. */
export interface Shaft {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** Shares of the way at which words may stand: near the head first, where arrows that leave one step have parted. */
const shares = [0.56, 0.68, 0.44, 0.8, 0.32, 0.9, 0.2];

/** Writes words on an arrow; nothing where there is no room left for them. */
export function writeAlong(
  pen: CanvasRenderingContext2D,
  { from: [x1, y1], to: [x2, y2] }: Shaft,
  { colour, palette, room, text }: Label,
): void {
  const words = fit(pen, text, Math.max(40, Math.hypot(x2 - x1, y2 - y1) - 36));
  if (words === '') return;
  const width = pen.measureText(words).width;
  for (const share of shares) {
    const [x, y] = [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
    if (!room.take({ left: x - width / 2 - 3, width: width + 6, y })) continue;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillStyle = palette.ground;
    pen.fillRect(x - width / 2 - 4, y - 8, width + 8, 16);
    pen.fillStyle = colour;
    pen.fillText(words, x, y + 0.5);
    return;
  }
}

interface Label {
  readonly colour: string;
  readonly palette: Palette;
  readonly room: Room;
  readonly text: string;
}
