declare const brand: unique symbol;

/** A string or number that is told apart by its name: an `Address` is no `NodeId`. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** The absolute name of an actor: `rm1`, or `worker0/graph-task-1` for a child. */
export type Address = Brand<string, 'Address'>;

/** The name of what fails as one: a process, a machine, a worker. */
export type NodeId = Brand<string, 'NodeId'>;

/** Tells that `text` is an absolute address; whoever calls has checked it. */
export function address(text: string): Address {
  return text as Address;
}

/** Tells that `text` names a node; whoever calls has checked it. */
export function nodeId(text: string): NodeId {
  return text as NodeId;
}
