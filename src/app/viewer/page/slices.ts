/** Long work, slice by slice, so that the page never stands still. */

/** What is told of the work; `done` is from 0 to 1. */
export interface Listener<Value> {
  readonly onDone: (value: Value) => void;
  readonly onError: (thrown: unknown) => void;
  readonly onSlice: (done: number) => void;
}

/** Milliseconds of work at a time: a picture of the page comes in between. */
const slice = 12;
const rest = 4;

/** Begins the work, and gives what stops it. */
export function inSlices<Value>(
  work: Generator<number, Value>,
  { onDone, onError, onSlice }: Listener<Value>,
): () => void {
  let timer = 0;
  const go = (): void => {
    try {
      const until = performance.now() + slice;
      let turn = work.next();
      while (turn.done !== true && performance.now() < until) turn = work.next();
      if (turn.done === true) onDone(turn.value);
      else {
        onSlice(turn.value);
        timer = window.setTimeout(go, rest);
      }
    } catch (thrown) {
      onError(thrown);
    }
  };
  timer = window.setTimeout(go);
  return () => {
    window.clearTimeout(timer);
  };
}
