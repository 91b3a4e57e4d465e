/**
 * References to actors as data. What XState would give a machine as a live actor is here a frozen
 * value with an address: it can be stored, sent and sent to, and nothing else.
 */
/* oxlint-disable typescript/no-unsafe-type-assertion -- an address is a brand, a prototype has no `this` */
import { lastName, pooled, toAbsolute, toRelative } from '../core/address.ts';
import type { Address } from '../core/brand.ts';
import { holdsLeaf, isLeaf, leafText, mapLeaves } from '../core/canonical.ts';
import type { Leaf } from '../core/canonical.ts';
import { SimulationError } from '../core/errors.ts';

/** A reference: relative as a machine sees it, absolute while it travels. */
export interface Ref extends Leaf {
  readonly address: string;
  readonly id: string;
}

/** The references of one system: one frozen object an address, so that they compare as XState's do. */
export interface Refs {
  readonly at: (address: string) => Ref;
  /** References in `value` as `viewer` sees them. */
  readonly inward: <T>(value: T, viewer: string) => T;
  /** References in `value`, made by `viewer`, as absolute ones. */
  readonly outward: <T>(value: T, viewer: string) => T;
  /**
   * What a machine did with a reference since the last question, although it may not. XState wraps what
   * a guard throws, and a machine may catch it: so it is kept here.
   */
  readonly takeMisuse: () => string | undefined;
}

/** A registry of references; `ofSelf` is what XState asks of the actor whose step it computes. */
export function createRefs(ofSelf: (at: Refs['at']) => PropertyDescriptorMap): Refs {
  const known = new Map<string, Ref>();
  let misuse: string | undefined;
  const prototype = createPrototype((what) => {
    misuse = what;
  });
  const at = (address: string): Ref => {
    const seen = known.get(address);
    if (seen !== undefined) return seen;
    const made = createRef(prototype, pooled(address), address === '.' ? ofSelf(at) : {});
    known.set(address, made);
    return made;
  };
  const rebase = <T>(value: T, change: (address: string) => string): T =>
    mapLeaves(value, (leaf) => (isRef(leaf) ? at(change(leaf.address)) : leaf));
  return {
    at,
    inward: (value, viewer) =>
      holdsLeaf(value)
        ? rebase(value, (text) => toRelative(text as Address, viewer as Address))
        : value,
    outward: (value, viewer) =>
      holdsLeaf(value) ? rebase(value, (text) => toAbsolute(text, viewer as Address)) : value,
    takeMisuse: () => {
      const taken = misuse;
      misuse = undefined;
      return taken;
    },
  };
}

/** Whether `value` is a reference. */
export function isRef(value: unknown): value is Ref {
  return isLeaf(value) && 'address' in value;
}

/** The error for what would read or drive another actor outside of messages. */
export function impureUse(what: string, where = 'A machine'): SimulationError {
  return new SimulationError(
    'runtime/impure-machine',
    `${where} used ${what}. What another actor holds is known only by messages, and so is who exists: ` +
      'send to an actor whose address you know with `sendTo`, and let it answer.',
  );
}

/** What an actor of XState can do beyond being sent to. */
const refused = [
  'getPersistedSnapshot',
  'getSnapshot',
  'on',
  'select',
  'send',
  'start',
  'stop',
  'subscribe',
] as const;

/** Members for an object that looks like an actor: each refuses, after it was noted. */
export function refusals(note: (what: string) => void): PropertyDescriptorMap {
  const refuse = (what: string): (() => never) => {
    return () => {
      note(what);
      throw impureUse(what);
    };
  };
  return Object.fromEntries([
    ...refused.map((name) => [name, { value: refuse(`\`${name}()\` of an actor reference`) }]),
    ['sessionId', { get: refuse('`sessionId` of an actor reference') }],
  ]) as PropertyDescriptorMap;
}

function createPrototype(note: (what: string) => void): object {
  return Object.freeze(
    Object.create(Object.prototype, {
      ...refusals(note),
      id: {
        get(this: Ref): string {
          return lastName(this.address);
        },
      },
      toJSON: {
        value(this: Ref): { readonly ref: string } {
          return { ref: this.address };
        },
      },
    }),
  ) as object;
}

function createRef(prototype: object, address: string, more: PropertyDescriptorMap): Ref {
  const ref: object = Object.create(prototype, {
    [leafText]: { value: `ref:${address}` },
    address: { value: address, enumerable: true },
    ...more,
  });
  return Object.freeze(ref) as Ref;
}
