/**
 * References to actors as data. What XState would give a machine as a live actor is here a frozen
 * value with an address: it can be stored, sent and sent to, and nothing else.
 */
import { lastName, toAbsolute, toRelative } from '../core/address.ts';
import type { Address } from '../core/brand.ts';
import { isLeaf, leafText, mapLeaves, type Leaf } from '../core/canonical.ts';
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
}

/** A registry of references. */
export function createRefs(): Refs {
  const known = new Map<string, Ref>();
  const at = (address: string): Ref => {
    const seen = known.get(address);
    if (seen !== undefined) return seen;
    const made = createRef(address);
    known.set(address, made);
    return made;
  };
  const rebase = <T>(value: T, change: (address: string) => string): T =>
    mapLeaves(value, (leaf) => (isRef(leaf) ? at(change(leaf.address)) : leaf));
  return {
    at,
    inward: (value, viewer) =>
      rebase(value, (text) => toRelative(text as Address, viewer as Address)),
    outward: (value, viewer) => rebase(value, (text) => toAbsolute(text, viewer as Address)),
  };
}

/** Whether `value` is a reference. */
export function isRef(value: unknown): value is Ref {
  return isLeaf(value) && 'address' in value;
}

/** The error for what would read or drive another actor outside of messages. */
export function impure(what: string): SimulationError {
  return new SimulationError(
    'runtime/impure-machine',
    `A machine used ${what} of an actor reference. What another actor holds is known only by ` +
      'messages: send it one with `sendTo`, and let it answer.',
  );
}

const refPrototype = {
  get id(): string {
    return lastName((this as unknown as Ref).address);
  },
  get sessionId(): never {
    throw impure('`sessionId`');
  },
  getSnapshot: refuse('`getSnapshot()`'),
  getPersistedSnapshot: refuse('`getPersistedSnapshot()`'),
  on: refuse('`on()`'),
  send: refuse('`send()`'),
  start: refuse('`start()`'),
  stop: refuse('`stop()`'),
  subscribe: refuse('`subscribe()`'),
  toJSON(): { readonly ref: string } {
    return { ref: (this as unknown as Ref).address };
  },
};

function createRef(address: string): Ref {
  const ref: object = Object.create(refPrototype, {
    [leafText]: { value: `ref:${address}` },
    address: { value: address, enumerable: true },
  });
  return Object.freeze(ref) as Ref;
}

function refuse(what: string): () => never {
  return () => {
    throw impure(what);
  };
}
