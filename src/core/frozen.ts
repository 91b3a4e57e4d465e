/**
 * What the kernel makes is frozen where steps are audited (`ORRERY_AUDIT` in `import.meta.env`, as in the
 * tests of this project), which proves that nobody changes it. Elsewhere its type says so: no machine sees
 * it, and to freeze it took a fifth of a delivery. What machines see is always frozen; see `canonical`.
 */

declare global {
  interface ImportMeta {
    readonly env?: Readonly<Record<string, string | undefined>>;
  }
}

/** Whether steps are audited. */
export const isAudited = import.meta.env?.['ORRERY_AUDIT'] === '1';

/** `value`, which nobody changes from now on. */
export const frozen: <T>(value: T) => Readonly<T> = isAudited ? Object.freeze : asItIs;

function asItIs<T>(value: T): T {
  return value;
}
