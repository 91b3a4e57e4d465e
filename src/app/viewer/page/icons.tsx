/** The signs on buttons, drawn here: not every system has letters for them. */
const paths = {
  back: 'M15 5 L7 12 L15 19 Z',
  causes: 'M6 5 V9 Q6 13 12 13 Q18 13 18 9 V5 M12 13 V20 M9 17 L12 20 L15 17',
  chance: 'M5 5 H19 V19 H5 Z M9 9 h.01 M15 15 h.01 M15 9 h.01 M9 15 h.01',
  end: 'M6 5 L14 12 L6 19 Z M18 5 V19',
  pause: 'M8 5 V19 M16 5 V19',
  play: 'M7 4 L19 12 L7 20 Z',
  redo: 'M15 6 L19 10 L15 14 M19 10 H10 Q5 10 5 15 V18',
  start: 'M18 5 L10 12 L18 19 Z M6 5 V19',
  step: 'M8 5 L16 12 L8 19 Z',
  undo: 'M9 6 L5 10 L9 14 M5 10 H14 Q19 10 19 15 V18',
} as const;

/** What there is a sign for. */
export type IconName = keyof typeof paths;

const filled: ReadonlySet<IconName> = new Set(['back', 'end', 'play', 'start', 'step']);

/** One sign. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg viewBox="0 0 24 24" class={filled.has(name) ? 'sign filled' : 'sign'} aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
