/** Colours by what they are for. */
export interface Palette {
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly ground: string;
  readonly band: string;
  readonly accent: string;
  readonly message: string;
  readonly lost: string;
  readonly timer: string;
  readonly fault: string;
  readonly input: string;
}

/** The colours that are in force for an element. */
export function paletteOf(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    accent: of('accent'),
    band: of('band'),
    faint: of('faint'),
    fault: of('fault'),
    ground: of('ground'),
    ink: of('ink'),
    input: of('input'),
    line: of('line'),
    lost: of('lost'),
    message: of('message'),
    timer: of('timer'),
  };
}
