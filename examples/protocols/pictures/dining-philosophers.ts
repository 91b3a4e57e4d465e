/** The table of the philosophers from above: who eats, and who has which fork. */
import { pictureElement } from '../../../src/index.ts';
import type { Picture, PictureElement } from '../../../src/index.ts';

const middle = 160;
const [seatsAt, forksAt] = [112, 66];
const colours: Readonly<Record<string, string>> = {
  eating: 'var(--accent)',
  hungry: 'var(--lost)',
  sated: 'var(--good)',
};

/** The picture of a table for so many. */
export function pictureOfTable(philosophers: number): Picture {
  return (view) => {
    const table = view.actor('table');
    const states = recordOf(table?.value);
    const { forks } = recordOf(table?.context);
    const held: readonly unknown[] = Array.isArray(forks) ? forks : [];
    return pictureElement(
      'svg',
      { viewBox: `0 0 ${2 * middle} ${2 * middle}` },
      pictureElement('circle', {
        cx: middle,
        cy: middle,
        fill: 'var(--sunken)',
        r: 82,
        stroke: 'var(--line)',
      }),
      ...held.map((fork, place) => forkAt(recordOf(fork), { philosophers, place })),
      ...Array.from({ length: philosophers }, (_, seat) =>
        philosopher(`p${seat + 1}`, String(states[`p${seat + 1}`]), { philosophers, seat }),
      ),
    );
  };
}

function philosopher(
  name: string,
  state: string,
  { philosophers, seat }: { readonly philosophers: number; readonly seat: number },
): PictureElement {
  const [x, y] = pointAt(seat / philosophers, seatsAt);
  const colour = colours[state] ?? 'var(--faint)';
  return pictureElement(
    'g',
    {},
    pictureElement('circle', {
      cx: x,
      cy: y,
      fill: state === 'eating' ? 'var(--band)' : 'var(--raised)',
      r: 25,
      stroke: colour,
      'stroke-width': state === 'eating' ? 4 : 2,
    }),
    pictureElement('text', { 'text-anchor': 'middle', x, y: y - 1 }, name),
    pictureElement(
      'text',
      { fill: colour, 'font-size': 10, 'text-anchor': 'middle', x, y: y + 11 },
      state,
    ),
  );
}

/** Fork `place` lies before whoever holds it, on the side where it belongs; dashed while it is dirty. */
function forkAt(
  { holder, isClean }: Readonly<Record<string, unknown>>,
  { philosophers, place }: { readonly philosophers: number; readonly place: number },
): PictureElement {
  const belongs = place - 0.5;
  const at = Number(holder);
  // Around the table the shorter way.
  const away = ((at - belongs + philosophers * 1.5) % philosophers) - philosophers / 2;
  const turn = (belongs + away * 0.55) / philosophers;
  const [x1, y1] = pointAt(turn, forksAt - 18);
  const [x2, y2] = pointAt(turn, forksAt + 10);
  return pictureElement('line', {
    stroke: isClean === true ? 'var(--good)' : 'var(--faint)',
    'stroke-dasharray': isClean === true ? 'none' : '4 3',
    'stroke-linecap': 'round',
    'stroke-width': 5,
    x1,
    x2,
    y1,
    y2,
  });
}

/** A place around the table: so many turns from the top, so far from the middle. */
function pointAt(turn: number, far: number): readonly [number, number] {
  const angle = (turn - 0.25) * 2 * Math.PI;
  return [Math.round(middle + far * Math.cos(angle)), Math.round(middle + far * Math.sin(angle))];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
