/** What an arrow carries, beside the pointer. */
import { brief } from '../../../../trace/words.ts';
import type { Arrow } from '../../model/diagram.ts';
import type { Frame } from './geometry.ts';

/** The arrow under the pointer. */
export interface Hover {
  readonly arrow: Arrow;
  readonly x: number;
  readonly y: number;
}

/** Its type, its ends, its fate and its payload. */
export function Tip({
  frame,
  hover: { arrow, x, y },
}: {
  readonly frame: Frame;
  readonly hover: Hover;
}) {
  const left = Math.min(x + 14, frame.width - 330) + frame.scrollLeft;
  const top = Math.min(y + 14, frame.height - 150) + frame.scrollTop;
  const fate =
    arrow.lost === undefined
      ? arrow.ended === undefined
        ? 'under way'
        : `arrived in step ${arrow.ended}`
      : `lost in step ${arrow.ended} (${arrow.lost})`;
  return (
    <div class="tip" style={{ left: `${left}px`, top: `${top}px` }}>
      <b>{arrow.label}</b>
      <span>
        {arrow.from} → {arrow.to}
      </span>
      <span class="faint">
        sent in step {arrow.sent}, {fate}
      </span>
      <code>{brief(arrow.event, 260)}</code>
    </div>
  );
}
