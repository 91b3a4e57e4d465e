/** The part of a search that is compiled from `wasm`, and the memory that all who search share. */
import { code } from './code.ts';
import { partiesMax, partyAt, partyBytes } from './fields.ts';
import { compile, instantiate, reserve } from './webassembly.ts';
import type { CompiledCode, SharedMemory } from './webassembly.ts';

/** What a thread needs to help. */
export interface Ground {
  readonly code: CompiledCode;
  readonly memory: SharedMemory;
}

/** What the compiled part does; see `wasm/index.ts`. All numbers are 32 bits wide and signed. */
export interface Core {
  readonly add: (move: number) => void;
  readonly again: (place: number) => number;
  readonly begin: () => number;
  readonly enlist: (party: number) => void;
  readonly field: (slot: number, old: number, cell: number) => number;
  readonly givenPlace: () => number;
  readonly help: (budget: number) => number;
  readonly isBeyond: () => number;
  readonly isCrowded: () => number;
  readonly isFull: () => number;
  readonly lull: (slots: number) => void;
  readonly numberAt: (place: number) => number;
  readonly rebase: () => void;
  readonly rehash: (
    ...args: readonly [old: number, oldBits: number, segment: number, bits: number]
  ) => void;
  readonly relayPage: (
    ...args: readonly [old: number, page: number, layout: number, slots: number, words: number]
  ) => void;
  readonly relaySegment: (
    ...args: readonly [
      old: number,
      oldBits: number,
      segments: number,
      bits: number,
      layout: number,
      slots: number,
      words: number,
    ]
  ) => void;
  readonly renew: () => void;
  readonly report: () => void;
  readonly run: (budget: number) => number;
  readonly seed: () => void;
  readonly settle: () => void;
  readonly sleepers: () => number;
  readonly staged: () => number;
  readonly takeAt: (place: number) => number;
}

/** Pages of memory that are tried for at most: a process may be allowed less than there can be. */
const mostPages = [1 << 16, 1 << 14, 1 << 12, 1 << 10];
const pageBytes = 1 << 16;
/** With room for the words of every party that there may be. */
const firstPages = Math.ceil((partyAt + partiesMax * partyBytes) / pageBytes);

/** Memory for a new search; `undefined` where none can be shared or nothing can be compiled, as in some browsers. */
export function createGround(): Ground | undefined {
  for (const maximum of mostPages) {
    try {
      return { code: compile(bytesOf(code)), memory: reserve(firstPages, maximum) };
    } catch {
      // Perhaps there is room for less.
    }
  }
  return undefined;
}

/** The compiled part, for the party of that number; 0 is the leader. */
export function createCore({ code: compiled, memory }: Ground, party: number): Core {
  // cast -- what `wasm/index.ts` exports
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  const core = instantiate(compiled, memory) as Core;
  core.enlist(party);
  return core;
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes from base 64. */
function bytesOf(text: string): Uint8Array {
  const values = new Uint8Array(1 << 7);
  for (let value = 0; value < digits.length; value += 1) values[digits.charCodeAt(value)] = value;
  const length = text.replace(/=+$/, '').length;
  const bytes = new Uint8Array((length * 3) >>> 2);
  let [bits, count, end] = [0, 0, 0];
  for (let index = 0; index < length; index += 1) {
    bits = ((bits << 6) | (values[text.charCodeAt(index)] ?? 0)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[end] = bits >>> count;
    end += 1;
  }
  return bytes;
}
