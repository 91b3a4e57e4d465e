import { remoteOpMark } from './key.ts';

/** Something that a profiler recorded: an operator, a scope, or a call. */
export interface ProfiledEvent {
  /** Its maker's name and counter, the same wherever it travels. */
  readonly id: string;
  /** Whether it came back with the answer of a call. */
  readonly isRemote: boolean;
  /** That of a remote one begins with the name of the call. */
  readonly name: string;
  /** The worker on which it happened. */
  readonly nodeId: number;
  /** The scope in which it lies, by its id. */
  readonly parent?: string;
  /** The thread of that worker. */
  readonly thread: string;
}

/**
 * What happened on a peer, as who called sees it.
 *
 * @see PyTorch, `torch/csrc/distributed/rpc/utils.cpp`, `processRemoteProfiledEvents`.
 */
export function asRemote(events: readonly ProfiledEvent[], key: string): readonly ProfiledEvent[] {
  return events.map((event) => ({
    ...event,
    isRemote: true,
    name: `${key}${remoteOpMark}${event.name}`,
  }));
}
