/** A file as it might be written: its path and what it says. */
type Example = readonly [path: string, text: string];

/** By the claim of a rule: what breaks it, a file each, and what comes close but is right. */
export type Examples = Readonly<
  Record<string, { readonly wrong: readonly Example[]; readonly right: readonly Example[] }>
>;
