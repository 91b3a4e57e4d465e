/** Numbers for values: the first value of its kind is 0, equal values share a number. */
export interface Interner<Value, Key = string> {
  readonly all: readonly Value[];
  /** The number of the value with this key, made by `make` the first time. */
  readonly intern: (key: Key, make: () => Value) => number;
}

/** An interner without values. */
export function createInterner<Value, Key = string>(): Interner<Value, Key> {
  const all: Value[] = [];
  const numbers = new Map<Key, number>();
  return {
    all,
    intern: (key, make) => {
      const known = numbers.get(key);
      if (known !== undefined) return known;
      const number = all.length;
      numbers.set(key, number);
      all.push(make());
      return number;
    },
  };
}
