import { useEffect, useState } from 'preact/hooks';

import { messageOf } from '../../../core/errors.ts';
import { inSlices } from './slices.ts';

/** What comes of long work: how much of it is done, from 0 to 1, and at its end what came out. */
export interface Slices<Value> {
  readonly done: number;
  /** What went wrong, in a sentence. */
  readonly error?: string;
  readonly isOver: boolean;
  readonly value?: Value;
}

/** Does long work slice by slice, and anew whenever one of `from` is another. */
export function useInSlices<Value>(
  make: () => Generator<number, Value>,
  from: readonly unknown[],
): Slices<Value> {
  const [found, setFound] = useState<Slices<Value>>({ done: 0, isOver: false });
  useEffect(() => {
    setFound({ done: 0, isOver: false });
    return inSlices(make(), {
      onDone: (value) => setFound({ done: 1, isOver: true, value }),
      onError: (thrown) => setFound({ done: 1, error: messageOf(thrown), isOver: true }),
      onSlice: (done) => setFound({ done, isOver: false }),
    });
  }, from);
  return found;
}
