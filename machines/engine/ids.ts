/**
 * The names of what the engine handles. Each is its maker's name plus the maker's own counter, so two
 * runs with one history agree on them; whoever calls a constructor answers for that, hence the
 * casts -- a name is a brand that only its constructor can give.
 */
import type { Brand } from '../../src/core/brand.ts';

/** A leaf tensor, wherever its value travels. */
export type TensorId = Brand<string, 'TensorId'>;

/** Where the elements of tensors lie that may be changed in place. */
export type StorageId = Brand<string, 'StorageId'>;

/** A node of the autograd graph. */
export type AutogradNodeId = Brand<string, 'AutogradNodeId'>;

/** A logical thread: the maker of nodes and leaves. */
export type ThreadId = Brand<string, 'ThreadId'>;

/** One message that carried tensors forward: it pairs a send function with a recv function. */
export type AutogradMessageId = Brand<string, 'AutogradMessageId'>;

/** A distributed autograd context. */
export type AutogradContextId = Brand<string, 'AutogradContextId'>;

/** One backward pass on one worker. */
export type GraphTaskId = Brand<string, 'GraphTaskId'>;

/** One backward pass on all workers, in SMART mode. */
export type PassId = Brand<string, 'PassId'>;

/** One thread that drains a ready queue of a graph task. */
export type LoopId = Brand<string, 'LoopId'>;

/** The name of a leaf tensor. */
export function tensorId(text: string): TensorId {
  return text as TensorId;
}

/** The name of a storage. */
export function storageId(text: string): StorageId {
  return text as StorageId;
}

/** The name of a node of the autograd graph. */
export function autogradNodeId(text: string): AutogradNodeId {
  return text as AutogradNodeId;
}

/** The name of a logical thread. */
export function threadId(text: string): ThreadId {
  return text as ThreadId;
}

/** The name of an autograd message. */
export function autogradMessageId(text: string): AutogradMessageId {
  return text as AutogradMessageId;
}

/** The name of a distributed autograd context. */
export function autogradContextId(text: string): AutogradContextId {
  return text as AutogradContextId;
}

/** The name of a graph task. */
export function graphTaskId(text: string): GraphTaskId {
  return text as GraphTaskId;
}

/** The name of a backward pass on all workers. */
export function passId(text: string): PassId {
  return text as PassId;
}

/** The name of a loop of a graph task. */
export function loopId(text: string): LoopId {
  return text as LoopId;
}
