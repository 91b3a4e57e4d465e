/** What a machine names as sources of actors. */
// The casts -- XState's configs are known by their shape.
import type { AnyActorLogic, AnyStateMachine, AnyStateNode } from 'xstate';

/** The logic behind the source `name` of `machine`; `undefined` if no one implements it. */
export function sourceNamed(machine: AnyStateMachine, name: string): unknown {
  const inline = /^xstate\.invoke\.(\d+)\.(.*)$/.exec(name);
  if (inline === null) {
    return (machine.implementations.actors as Readonly<Record<string, unknown>>)[name];
  }
  const [, index, id] = inline;
  const { invoke } = machine.getStateNodeById(id ?? '').config as { readonly invoke?: unknown };
  const all = (Array.isArray(invoke) ? invoke : [invoke]) as readonly { readonly src: unknown }[];
  return all[Number(index)]?.src;
}

/** All named sources of a machine: those of its set-up in the order of their names, then inline ones. */
export function* sourcesOf(machine: AnyStateMachine): Generator<readonly [string, AnyActorLogic]> {
  const { actors } = machine.implementations as {
    readonly actors: Readonly<Record<string, unknown>>;
  };
  for (const name of Object.keys(actors).toSorted()) {
    if (isLogic(actors[name])) yield [name, actors[name]];
  }
  for (const node of nodesOf(machine.root)) {
    for (const { src } of node.invoke) {
      if (typeof src !== 'string' || src in actors) continue;
      const logic = sourceNamed(machine, src);
      if (isLogic(logic)) yield [src, logic];
    }
  }
}

/** A state node and all below it. */
export function* nodesOf(node: AnyStateNode): Generator<AnyStateNode> {
  yield node;
  for (const child of Object.values(node.states)) yield* nodesOf(child);
}

/**
 * Whether a logic is a machine. XState's own mark is asked for and not its class: a program may hold two
 * copies of XState, one for `import` and one for `require`, and machines of both are machines.
 */
export function isMachine(logic: unknown): logic is AnyStateMachine {
  return typeof logic === 'object' && logic !== null && '__xstatenode' in logic;
}

function isLogic(value: unknown): value is AnyActorLogic {
  return typeof value === 'object' && value !== null && 'transition' in value;
}
