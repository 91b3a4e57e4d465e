import type { Fact, Monitor, View } from '../../src/index.ts';
import { unreachable } from '../../src/index.ts';

/** What is remembered of passes while they run, and what was amiss. */
export interface WatchedPasses {
  /** The send functions that got gradients, by the actor of the pass. */
  readonly fed: Names;
  /** The nodes that ran, by the actor of the pass. */
  readonly ran: Names;
  /** The first send function that got gradients twice; empty if none. */
  readonly repeatedFeed: string;
  /** The first node that ran twice; empty if none. */
  readonly repeatedNode: string;
}

type Names = Readonly<Record<string, readonly string[]>>;

const name = 'orrery.rpc.passes';

/** Notes what runs in each pass. */
export const passesMonitor: Monitor = {
  facts: ['emitted', 'sent', 'stopped'],
  initial: { fed: {}, ran: {}, repeatedFeed: '', repeatedNode: '' } satisfies WatchedPasses,
  name,
  step,
};

/** What was noted so far. */
export function passesIn(view: View): WatchedPasses {
  // cast -- the state of this monitor
  return view.monitor(name) as WatchedPasses;
}

function step(passes: WatchedPasses, fact: Fact): WatchedPasses {
  switch (fact.type) {
    case 'emitted': {
      const { actor, event } = fact;
      if (event.type !== 'node.evaluated') return passes;
      const node = String(event['node']);
      const { isNew, names } = noted(passes.ran, actor, node);
      if (isNew) return { ...passes, ran: names };
      return { ...passes, repeatedNode: passes.repeatedNode || `${actor} ${node}` };
    }
    case 'sent': {
      const { event, to } = fact;
      const node = event.type === 'loop.started' ? sendFunctionOf(event['node']) : undefined;
      if (node === undefined) return passes;
      const { isNew, names } = noted(passes.fed, to, node);
      if (isNew) return { ...passes, fed: names };
      return { ...passes, repeatedFeed: passes.repeatedFeed || `${to} ${node}` };
    }
    case 'stopped':
      return without(passes, fact.actor);
    case 'failed':
    case 'lost':
    case 'received':
    case 'started':
      return passes;
    default:
      return unreachable(fact);
  }
}

function sendFunctionOf(node: unknown): string | undefined {
  // cast -- what a loop is started at
  const { id, type } = node as { readonly id: string; readonly type: string };
  return type === 'send-rpc-backward' ? id : undefined;
}

function noted(all: Names, actor: string, node: string) {
  const known = all[actor] ?? [];
  const isNew = !known.includes(node);
  return { isNew, names: { ...all, [actor]: [...known, node].toSorted() } };
}

function without(passes: WatchedPasses, actor: string): WatchedPasses {
  const { fed, ran } = passes;
  if (!Object.hasOwn(fed, actor) && !Object.hasOwn(ran, actor)) return passes;
  const { [actor]: _fed, ...otherFed } = fed;
  const { [actor]: _ran, ...otherRan } = ran;
  return { ...passes, fed: otherFed, ran: otherRan };
}
