/** Two-phase commit as a picture: the manager above, the resource managers below, and what each has come to. */
import { pictureElement } from '../../../src/index.ts';
import type { Picture, PictureElement, View } from '../../../src/index.ts';

const apart = 110;
const colours: Readonly<Record<string, string>> = {
  aborted: 'var(--lost)',
  committed: 'var(--good)',
  prepared: 'var(--timer)',
};

/** The picture for resource managers of these names. */
export function pictureOfCommit(rms: readonly string[]): Picture {
  const width = Math.max(2, rms.length) * apart;
  const middle = width / 2;
  return (view) =>
    pictureElement(
      'svg',
      { viewBox: `0 0 ${width} 190` },
      ...rms.map((rm, index) => link(view, rm, { from: middle, to: xOf(index) })),
      manager(view, 'tm', { label: { anchor: 'start', x: middle + 36, y: 38 }, x: middle, y: 34 }),
      ...rms.map((rm, index) => {
        const x = xOf(index);
        return manager(view, rm, { label: { anchor: 'middle', x, y: 182 }, x, y: 140 });
      }),
    );
}

function xOf(index: number): number {
  return apart * (index + 0.5);
}

/** Where a manager stands, and where what it has come to. */
interface Spot {
  readonly label: { readonly anchor: string; readonly x: number; readonly y: number };
  readonly x: number;
  readonly y: number;
}

function manager(view: View, name: string, { label, x, y }: Spot): PictureElement {
  const value = view.actor(name)?.value;
  const state = typeof value === 'string' ? value : 'gone';
  const colour = colours[state] ?? 'var(--faint)';
  return pictureElement(
    'g',
    {},
    pictureElement('circle', {
      cx: x,
      cy: y,
      fill: 'var(--raised)',
      r: 26,
      stroke: colour,
      'stroke-width': 4,
    }),
    pictureElement('text', { 'text-anchor': 'middle', x, y: y + 4 }, name),
    pictureElement(
      'text',
      { fill: colour, 'text-anchor': label.anchor, x: label.x, y: label.y },
      state,
    ),
  );
}

/** Solid once a verdict can be read there, dotted once it has said that it is prepared. */
function link(
  view: View,
  rm: string,
  { from, to }: { readonly from: number; readonly to: number },
): PictureElement {
  const messages = view.messages();
  const verdict = messages.find((one) => one.to === rm)?.event.type;
  const hasSaid = messages.some((one) => one.from === rm);
  const said = hasSaid ? colours['prepared'] : 'var(--line)';
  const stroke = verdict === undefined ? said : colours[verdict.replace('tm.', '')];
  return pictureElement('line', {
    stroke: stroke ?? 'var(--line)',
    'stroke-dasharray': verdict === undefined ? '4 5' : 'none',
    'stroke-width': 2,
    x1: from,
    x2: to,
    y1: 60,
    y2: 114,
  });
}
