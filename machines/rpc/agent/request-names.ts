import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import { getIn, setIn } from '../../../src/core/persistent-map.ts';
import type { WorkerContext } from '../context.ts';
import type { Request } from './messages.ts';

/** The name of a request that came. */
export interface NamedRequest {
  /** What it is called when it comes for the first time. */
  readonly firstName: string;
  readonly isFirst: boolean;
  readonly name: string;
  /** How often each one came, with this one. */
  readonly served: PersistentMap<number>;
}

/** A request is named by who made it, so that the order in which requests come leaves no trace in names. */
export function nameRequest(
  context: WorkerContext,
  { from, fromLife = 1, id, replyTo }: Pick<Request, 'from' | 'fromLife' | 'id' | 'replyTo'>,
): NamedRequest {
  const life = fromLife === 1 ? '' : `-life-${fromLife}`;
  // In a group that was joined an id may be given to another process.
  const process = replyTo === undefined ? '' : `-of-${replyTo}`;
  const firstName = `call-${from}-${id}${life}${process}`;
  const count = getIn(context.served, firstName) ?? 0;
  return {
    firstName,
    isFirst: count === 0,
    name: count === 0 ? firstName : `${firstName}~${count}`,
    served: setIn(context.served, firstName, count + 1),
  };
}
