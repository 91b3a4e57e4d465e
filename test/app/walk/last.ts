/** What a generator gives in the end. */
export function last<T>(generator: Generator<unknown, T>): T {
  for (;;) {
    const turn = generator.next();
    if (turn.done === true) return turn.value;
  }
}
