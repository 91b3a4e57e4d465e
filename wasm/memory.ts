/** Words of the shared memory. */
import { headAt, partyAt, partyBytes } from '../src/explore/native/fields';

/** The word at a place in the head. */
export function head(field: i32): i32 {
  return load<i32>(headAt + (field << 2));
}

/** Where a word of the head lies. */
export function headWord(field: i32): usize {
  return headAt + (field << 2);
}

/** Where the words of a party begin. */
export function partyWords(party: i32): usize {
  return partyAt + party * partyBytes;
}

/** A word of a row of words. */
export function at(row: usize, index: i32): i32 {
  return load<i32>(row + ((<usize>index) << 2));
}

/**
 * A word of a row of words that another thread may write meanwhile: what was written before it is seen by
 * whoever reads it later.
 */
export function seen(row: usize, index: i32): i32 {
  return atomic.load<i32>(row + ((<usize>index) << 2));
}

export function put(row: usize, index: i32, value: i32): void {
  store<i32>(row + ((<usize>index) << 2), value);
}
