import type { SystemDefinition } from '../../../src/index.ts';
import { puppet } from './puppet.ts';
import type { Cast, Deed, Part, Row } from './puppet.ts';

/** What makes a play of a cast. */
export type Options = Omit<Partial<SystemDefinition>, 'actors'> & {
  /** The node of an actor; its own unless given. */
  readonly nodes?: Readonly<Record<string, string>>;
  readonly durable?: Readonly<Record<string, readonly string[]>>;
  /** Those that no fault befalls unless it is planned. */
  readonly steadfast?: readonly string[];
  /** How often each actor may be told something. */
  readonly told?: Readonly<Record<string, Readonly<Record<string, number>>>>;
};

/** A system of puppets: the actors `a`, `b`, … of the cast, each on a node of its own. */
export function play(name: string, cast: Cast, options: Options = {}): SystemDefinition {
  const { durable = {}, nodes = {}, steadfast = [], told = {}, ...rest } = options;
  const addresses = Object.keys(cast).filter((part) => /^[a-d]$/.test(part));
  return {
    name,
    actors: addresses.map((address) => ({
      address,
      machine: puppet(address, cast),
      ...(nodes[address] === undefined ? {} : { node: nodes[address] }),
      ...(durable[address] === undefined ? {} : { durable: durable[address] }),
      ...(steadfast.includes(address) ? { isSteadfast: true } : {}),
      inputs: Object.entries(told[address] ?? {}).map(([type, budget]) => ({
        event: { type },
        ...(budget === 0 ? {} : { budget }),
      })),
    })),
    ...rest,
  };
}

/** Says something, perhaps later. */
export function send(
  to: string,
  event: string,
  rest: { readonly delay?: number; readonly id?: string } = {},
): Deed {
  return { do: 'send', event, to, ...rest };
}

/** What is done when something comes. */
export function does(...deeds: readonly Deed[]): Row {
  return { deeds };
}

/** Counts to three, and begins again. */
export const count: Deed = { do: 'count' };

/** One state in which all that is listed is done. */
export function always(rows: Readonly<Record<string, Row>>, entry: readonly Deed[] = []): Part {
  return { entry, states: { on: rows } };
}
