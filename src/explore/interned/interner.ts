import { pass } from './gate.ts';
import type { Gate } from './gate.ts';

/** Numbers for values: the first value of its kind is 0, equal values share a number. */
export interface Interner<Value> {
  readonly all: readonly Value[];
  /** The number of the value with this key, made by `make` the first time. */
  readonly intern: (key: string, make: () => Value) => number;
}

/** An interner without values; what is new must pass the gate, if there is one. */
export function createInterner<Value>(gate?: Gate): Interner<Value> {
  const all: Value[] = [];
  const numbers = new Map<string, number>();
  return {
    all,
    intern: (key, make) => {
      const known = numbers.get(key);
      if (known !== undefined) return known;
      if (gate !== undefined) pass(gate);
      const number = all.length;
      numbers.set(key, number);
      all.push(make());
      return number;
    },
  };
}
