/** Who holds the token of a group that changes, as the store and those who ask it see it. */
import type { StoreAnswered, StoreAsked } from '../../machines/group/store-requests.ts';
import { always, unreachable } from '../../src/index.ts';
import type { Fact, Monitor, View } from '../../src/index.ts';
import { isTokenKey } from '../group/membership.ts';
import type { Invariant } from './invariant.ts';

/** What is remembered of tokens. */
export interface TokenHolders {
  /** The exchanges that the store has yet to answer, by process and the process's own name for them. */
  readonly asked: Readonly<Record<string, Exchange>>;
  /** What was first held by two; empty if nothing was. */
  readonly contested: string;
  /** Who last asked for a token that it held itself, if anybody did. */
  readonly deadlocked?: string;
  /** The keys of the tokens that each process holds. */
  readonly held: Readonly<Record<string, readonly string[]>>;
}

interface Exchange {
  readonly desired: string;
  readonly key: string;
}

const name = 'orrery.rpc.tokens';
const nobody: TokenHolders = { asked: {}, contested: '', held: {} };

/** Notes who takes and gives back tokens; for clusters with a store. */
export const tokenMonitor: Monitor = {
  facts: ['sent', 'stopped'],
  initial: nobody,
  name,
  step,
};

/** S23. */
export const oneTokenHolder: Invariant = {
  name: 'S23',
  about:
    'one process at most holds the token of a group that changes; a process that crashed holds none',
  of: () => always('S23', (view) => holdersIn(view).contested === ''),
};

/** Who asks for tokens and holds them now; nobody where there is no store. */
export function holdersIn(view: View): TokenHolders {
  // cast -- the state of this monitor, which clusters without a store do not have
  return (view.monitor(name) as TokenHolders | undefined) ?? nobody;
}

function step(holders: TokenHolders, fact: Fact): TokenHolders {
  switch (fact.type) {
    case 'sent': {
      const { event, to } = fact;
      // casts -- what the messages of the store are
      if (event.type === 'store.asked') return afterAsking(holders, event as unknown as StoreAsked);
      if (event.type !== 'store.answered') return holders;
      return afterAnswer(holders, { answer: event as unknown as StoreAnswered, process: to });
    }
    case 'stopped':
      return withoutProcess(holders, fact.actor);
    case 'emitted':
    case 'failed':
    case 'lost':
    case 'received':
    case 'started':
      return holders;
    default:
      return unreachable(fact);
  }
}

/** The token is given back as soon as that is sent, since nothing on the way can be told from it. */
function afterAsking(holders: TokenHolders, { from, id, request }: StoreAsked): TokenHolders {
  if (request.type === 'compare-set' && isTokenKey(request.key)) {
    const { desired, key } = request;
    const asked = { ...holders.asked, [callOf(from, id)]: { desired, key } };
    const isHeld = heldBy(holders, from).includes(key);
    return { ...holders, asked, ...(isHeld ? { deadlocked: from } : {}) };
  }
  if (request.type !== 'set' || !isTokenKey(request.key)) return holders;
  const left = heldBy(holders, from).filter((key) => key !== request.key);
  return { ...holders, held: withKeys(holders.held, { keys: left, process: from }) };
}

interface Answered {
  readonly answer: StoreAnswered;
  readonly process: string;
}

/** Whoever finds its own token there holds it, whether it put it there or another did by the same name. */
function afterAnswer(
  holders: TokenHolders,
  { answer: { id, value }, process }: Answered,
): TokenHolders {
  const { [callOf(process, id)]: exchange, ...asked } = holders.asked;
  if (exchange === undefined) return holders;
  const { desired, key } = exchange;
  if (value !== desired) return { ...holders, asked };
  const others = Object.entries(holders.held).filter(
    ([other, keys]) => other !== process && keys.includes(key),
  );
  return {
    ...holders,
    asked,
    contested: others.length > 0 ? holders.contested || `${key} ${desired}` : holders.contested,
    held: withKeys(holders.held, { keys: [...heldBy(holders, process), key], process }),
  };
}

function withoutProcess(holders: TokenHolders, process: string): TokenHolders {
  const asked = Object.entries(holders.asked).filter(
    ([call]) => !call.startsWith(callOf(process, '')),
  );
  const isKnown = Object.hasOwn(holders.held, process);
  if (!isKnown && asked.length === Object.keys(holders.asked).length) return holders;
  return {
    ...holders,
    asked: Object.fromEntries(asked),
    held: withKeys(holders.held, { keys: [], process }),
  };
}

function heldBy({ held }: TokenHolders, process: string): readonly string[] {
  return held[process] ?? [];
}

interface Keys {
  readonly keys: readonly string[];
  readonly process: string;
}

function withKeys(held: TokenHolders['held'], { keys, process }: Keys): TokenHolders['held'] {
  const { [process]: _, ...others } = held;
  return keys.length === 0 ? others : { ...others, [process]: [...new Set(keys)].toSorted() };
}

function callOf(process: string, id: string): string {
  return `${process} ${id}`;
}
