/** What one thread knows of the shared memory, and has in hand. */
import {
  base,
  batch,
  before,
  begins,
  changed,
  layout,
  marks,
  origins,
  parties,
  room,
  rows,
  rowsMax,
  segmentBits,
  slots,
  stack,
  vector,
  words,
} from '../src/explore/native/fields';
import { at, head, partyWords } from './memory';

export let me: i32 = 0;
export let own: usize = 0;
export let partyCount: i32 = 1;

export let wordCount: i32 = 1;
export let slotCount: i32 = 0;
export let masks: usize = 0;
export let shifts: usize = 0;
export let wordOf: usize = 0;
export let segBits: i32 = 0;
export let batchLeast: i32 = 1;
export let roomLeft: i32 = 0;

export let cells: usize = 0;
export let olds: usize = 0;
export let packed: usize = 0;
export let changedSlots: usize = 0;
export let markOf: usize = 0;
export let beginOf: usize = 0;
export let openCalls: usize = 0;
export let stage: usize = 0;
export let stageMax: i32 = 0;
export let originPages: usize = 0;

/** Says whose instance this is. */
export function enlist(party: i32): void {
  me = party;
  own = partyWords(party);
}

/** Takes notice of what was laid anew. */
export function look(): void {
  partyCount = head(parties);
  wordCount = head(words);
  slotCount = head(slots);
  masks = <usize>head(layout);
  shifts = masks + ((<usize>slotCount) << 2);
  wordOf = shifts + ((<usize>slotCount) << 2);
  segBits = head(segmentBits);
  batchLeast = head(batch);
  roomLeft = head(room);
  cells = <usize>at(own, vector);
  olds = <usize>at(own, before);
  packed = <usize>at(own, base);
  changedSlots = <usize>at(own, changed);
  markOf = <usize>at(own, marks);
  beginOf = <usize>at(own, begins);
  openCalls = <usize>at(own, stack);
  stage = <usize>at(own, rows);
  stageMax = at(own, rowsMax);
  originPages = <usize>at(own, origins);
}
