/** A record without its members that are `undefined`: what is not said leaves the usual in force. */
export function defined<T extends object>(
  record: T,
): { readonly [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const members = Object.entries(record).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is left is what it was
  return Object.fromEntries(members) as never;
}
