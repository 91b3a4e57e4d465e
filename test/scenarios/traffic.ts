/** What workers sent one another in a run, and what a worker knew at a moment of it. */
import type { MessageType } from '../../machines/rpc/agent/message-types.ts';
import { isMessageType } from '../../machines/rpc/agent/message-types.ts';
import type { Message } from '../../machines/rpc/agent/messages.ts';
import type { Run } from '../../src/index.ts';

/** A message that left a worker. */
export interface Sent {
  readonly from: string;
  readonly message: Message;
  readonly to: string;
  /** Its type, and that of the message within it. */
  readonly type: string;
}

/** All messages between workers, in the order in which they left. */
export function trafficOf({ steps }: Run): readonly Sent[] {
  return steps.flatMap(({ happened }) =>
    happened.flatMap((happening): readonly Sent[] => {
      if (happening.type !== 'sent' || !isMessageType(happening.event.type)) return [];
      const { event, from, to } = happening;
      // cast -- only workers send events of these types, and these are their messages
      const message = event as unknown as Message;
      return [{ from, message, to, type: typeOf(message) }];
    }),
  );
}

/** `w0 PYTHON_CALL w1`, with the type of a wrapped message in brackets. */
export function linesOf(traffic: readonly Sent[]): readonly string[] {
  return traffic.map(({ from, to, type }) => `${short(from)} ${type} ${short(to)}`);
}

/** How often each line occurs. */
export function countsOf(lines: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const line of lines.toSorted()) counts[line] = (counts[line] ?? 0) + 1;
  return counts;
}

function typeOf(message: Message): string {
  const type: MessageType = message.type;
  return 'inner' in message ? `${type}(${message.inner.type})` : type;
}

function short(worker: string): string {
  return worker.replace('worker', 'w');
}
