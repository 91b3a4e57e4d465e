/** A number with a comma between thousands, in every locale. */
export function amount(number: number): string {
  return String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A number of things: `1 world`, `2 worlds`. */
export function many(number: number, thing: string): string {
  return `${amount(number)} ${thing}${number === 1 ? '' : 's'}`;
}
