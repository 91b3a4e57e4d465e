/** Small shapes for a canvas. */

/** The text cut to a room in pixels; empty where too little is left. */
export function fit(pen: CanvasRenderingContext2D, text: string, room: number): string {
  const size = pen.measureText(text).width;
  if (size <= room) return text;
  const kept = Math.floor((text.length * room) / size) - 1;
  return kept < 3 ? '' : `${text.slice(0, kept)}…`;
}

/** The head of an arrow that points there. */
export function head(
  pen: CanvasRenderingContext2D,
  { angle, x, y }: { readonly angle: number; readonly x: number; readonly y: number },
): void {
  const at = (turn: number, size: number) =>
    [x - size * Math.cos(angle + turn), y - size * Math.sin(angle + turn)] as const;
  pen.beginPath();
  pen.moveTo(...at(0, 4));
  pen.lineTo(...at(0.42, 13));
  pen.lineTo(...at(-0.42, 13));
  pen.closePath();
  pen.fill();
}

/** What marks a loss. */
export function cross(pen: CanvasRenderingContext2D, x: number, y: number): void {
  pen.lineWidth = 2.4;
  pen.beginPath();
  pen.moveTo(x - 5, y - 5);
  pen.lineTo(x + 5, y + 5);
  pen.moveTo(x + 5, y - 5);
  pen.lineTo(x - 5, y + 5);
  pen.stroke();
}

/** A filled circle. */
export function disc(
  pen: CanvasRenderingContext2D,
  x: number,
  ...[y, radius]: readonly [number, number]
): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, Math.PI * 2);
  pen.fill();
}

interface Ring {
  readonly radius: number;
  readonly x: number;
  readonly y: number;
}

/** A circle around something. */
export function ring(pen: CanvasRenderingContext2D, colour: string, { radius, x, y }: Ring): void {
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(x, y, radius, 0, Math.PI * 2);
  pen.stroke();
}
