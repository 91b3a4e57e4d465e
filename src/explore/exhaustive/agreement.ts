/** Whether all ends of a search give one observation. */
import { canonical } from '../../core/canonical.ts';
import { digest, formatDigest } from '../../core/digest.ts';
import type { AgreementProperty } from '../../runtime/property.ts';
import { createInterner } from '../interned/interner.ts';
import { createDecision } from '../interned/questions/decision.ts';
import type { Space } from '../interned/space.ts';
import { observed } from '../verdict.ts';

/** The observations at ends, as far as a search has come. */
export interface Agreement {
  /** What was seen at the first end, and the world it was. */
  readonly first: () => Observed | undefined;
  /** Whether there was no end at all. */
  readonly isVacuous: () => boolean;
  /** Looks at an end; the world of the first one if that gave something else. */
  readonly look: (vector: Int32Array, state: number) => number | undefined;
  readonly property: AgreementProperty;
}

/** An observation by its digest. */
export interface Observed {
  readonly digest: string;
  readonly state: number;
}

/** An agreement over the worlds of a space. */
export function createAgreement(space: Space, property: AgreementProperty): Agreement {
  const { name, observe } = property;
  const digests = createInterner<string>();
  const decide = createDecision(
    space,
    observed(name, (view) => {
      const key = formatDigest(digest(canonical(observe(view), name)));
      return digests.intern(key, () => key);
    }),
  );
  let first: { readonly number: number; readonly state: number } | undefined;
  return {
    first: () =>
      first === undefined
        ? undefined
        : { digest: digests.all[first.number] ?? '', state: first.state },
    isVacuous: () => first === undefined,
    look: (vector, state) => {
      const number = decide(vector);
      first ??= { number, state };
      return first.number === number ? undefined : first.state;
    },
    property,
  };
}
