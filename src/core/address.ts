/**
 * Where actors live. An absolute address is a path of names (`worker0/graph-task-1`); the first name
 * is the actor that the system declared, each further one a child. A relative address says the same as
 * seen by one actor: `.` itself, `..` its parent, `./child`, `../sibling`; what is elsewhere stays
 * absolute. Machines see relative addresses only, so equal machines at other places act alike.
 */
import { address } from './brand.ts';
import type { Address } from './brand.ts';
import { invariant } from './errors.ts';

const namePattern = /^[A-Za-z][^/\s<>]{0,127}$/;

/**
 * A name for an actor, a node or a child.
 *
 * @throws {SimulationError} `core/bad-name` unless it begins with a letter (digits first would sort
 * before all other keys of a record) and is free of `/`, `<`, `>` and white space; at most 128 characters.
 */
export function nameOf(text: string): string {
  invariant(
    namePattern.test(text),
    'core/bad-name',
    `"${text}" cannot be a name. Begin with a letter, use no "/", "<", ">" or white space, ` +
      'and at most 128 characters.',
  );
  return text;
}

/** The address of the child `name` of `parent`. */
export function childOf(parent: Address, name: string): Address {
  return address(pooled(`${parent}/${name}`));
}

/**
 * The same text as engines keep names of members: two of these are compared by where they lie, and not
 * letter by letter. Worth it for what is compared at every step.
 */
export function pooled(text: string): string {
  return Object.keys({ [text]: true })[0] ?? text;
}

/** The address of the parent, or `undefined` for an actor that the system declared. */
export function parentOf(child: Address): Address | undefined {
  const cut = child.lastIndexOf('/');
  return cut < 0 ? undefined : address(child.slice(0, cut));
}

/** The declared actor above `child`, or itself. */
export function rootOf(child: Address): Address {
  const cut = child.indexOf('/');
  return cut < 0 ? child : address(child.slice(0, cut));
}

/** The last name of an address. */
export function lastName(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

/** `target` as `viewer` sees it. */
export function toRelative(target: Address, viewer: Address): string {
  if (target === viewer) return '.';
  if (target.startsWith(`${viewer}/`)) return `.${target.slice(viewer.length)}`;
  const parent = parentOf(viewer);
  if (parent === undefined) return target;
  if (target === parent) return '..';
  return target.startsWith(`${parent}/`) ? `..${target.slice(parent.length)}` : target;
}

/**
 * The absolute address of what `viewer` calls `relative`.
 *
 * @throws {SimulationError} `core/no-parent` for `..` of an actor without parent.
 */
export function toAbsolute(relative: string, viewer: Address): Address {
  if (!relative.startsWith('.')) return address(relative);
  if (!relative.startsWith('..')) return address(viewer + relative.slice(1));
  const parent = parentOf(viewer);
  invariant(
    parent !== undefined,
    'core/no-parent',
    `"${viewer}" has no parent to send to: the system declared it. Send to a named actor instead.`,
  );
  return address(parent + relative.slice(2));
}
